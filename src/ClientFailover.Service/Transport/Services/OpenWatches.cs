using System.Collections.Concurrent;
using ClientFailover.Service.Identity;

namespace ClientFailover.Service.Transport.Services;

/// <summary>Responsible for knowing every open watch, and for ending those whose callers lost their access.</summary>
internal sealed class OpenWatches
{
    private readonly ConcurrentDictionary<OpenWatch, bool> _watches = new();

    /// <summary>Starts knowing.</summary>
    /// <param name="users">Tells when accounts change.</param>
    public OpenWatches(UserStore users) => users.Changed += EndRevoked;

    /// <summary>A watch was opened.</summary>
    /// <param name="http">The call.</param>
    /// <param name="ended">Ends it; disposed of after what this returns.</param>
    /// <returns>The watch, to be disposed of when it has ended.</returns>
    public OpenWatch Add(HttpContext http, CancellationTokenSource ended)
    {
        var watch = new OpenWatch(this, http.User as CallerPrincipal, ended);
        _watches[watch] = true;
        watch.EndIfRevoked();
        return watch;
    }

    /// <summary>Ends every watch whose caller's access was revoked.</summary>
    public void EndRevoked()
    {
        foreach (var (watch, _) in _watches)
        {
            watch.EndIfRevoked();
        }
    }

    /// <summary>A watch has ended.</summary>
    /// <param name="watch">The watch.</param>
    internal void Remove(OpenWatch watch) => _watches.TryRemove(watch, out _);
}

/// <summary>One open watch.</summary>
/// <param name="watches">All of them.</param>
/// <param name="caller">Whose it is.</param>
/// <param name="ended">Ends it.</param>
internal sealed class OpenWatch(OpenWatches watches, CallerPrincipal? caller, CancellationTokenSource ended) : IDisposable
{
    private readonly Lock _gate = new();
    private bool _closed;

    /// <summary>Whether its caller's access was revoked.</summary>
    public bool IsRevoked => caller?.IsRevoked ?? false;

    /// <summary>Ends it if its caller's access was revoked.</summary>
    public void EndIfRevoked()
    {
        lock (_gate)
        {
            if (IsRevoked && !_closed)
            {
                // What waits for it goes on elsewhere, not under this lock.
                _ = ended.CancelAsync();
            }
        }
    }

    /// <summary>It has ended.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closed = true;
        }

        watches.Remove(this);
    }
}
