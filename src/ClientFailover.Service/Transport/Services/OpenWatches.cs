using System.Collections.Concurrent;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Transport.Services;

/// <summary>Responsible for knowing every open watch whose caller's credential can end before it does.</summary>
internal sealed class OpenWatches
{
    private readonly ConcurrentDictionary<OpenWatch, bool> _watches = new();

    /// <summary>All of them, without a copy: some may come or go meanwhile.</summary>
    public IEnumerable<OpenWatch> All => _watches.Select(w => w.Key);

    /// <summary>A watch was opened; it is forgotten when it is disposed.</summary>
    /// <param name="credential">What it was opened with; null: nothing that ends before it.</param>
    /// <returns>What is known of it.</returns>
    public OpenWatch Add(VerifiedCredential? credential)
    {
        var watch = new OpenWatch(credential, this);
        if (credential is not null)
        {
            _watches[watch] = true;
        }

        return watch;
    }

    /// <summary>A watch ended.</summary>
    /// <param name="watch">The watch.</param>
    public void Remove(OpenWatch watch) => _watches.TryRemove(watch, out _);
}

/// <summary>An open watch.</summary>
/// <param name="credential">What it was opened with; null: nothing that ends before it.</param>
/// <param name="all">Knows it.</param>
internal sealed class OpenWatch(VerifiedCredential? credential, OpenWatches all) : IDisposable
{
    private readonly CancellationTokenSource _ended = new();

    /// <summary>What it was opened with; null: nothing that ends before it.</summary>
    public VerifiedCredential? Credential { get; } = credential;

    /// <summary>Cancelled when the credential has ended.</summary>
    public CancellationToken Ended => _ended.Token;

    /// <summary>The credential has ended.</summary>
    public void End()
    {
        try
        {
            _ended.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself at this moment.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        all.Remove(this);
        _ended.Dispose();
    }
}
