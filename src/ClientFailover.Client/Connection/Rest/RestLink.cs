using System.Runtime.CompilerServices;
using System.Threading.Channels;

namespace ClientFailover.Client.Connection.Rest;

/// <summary>Responsible for a session whose roles come with the answers to heartbeats.</summary>
/// <param name="api">The calls.</param>
/// <param name="failoverTimeout">The group's.</param>
internal sealed class RestLink(RestApi api, TimeSpan failoverTimeout) : ILink
{
    private readonly Channel<Told> _told = Channel.CreateUnbounded<Told>();

    /// <inheritdoc/>
    public ConnectionState Kind => ConnectionState.Rest;

    /// <inheritdoc/>
    public Told.Welcome Welcome { get; } = new(failoverTimeout, failoverTimeout / 2, null, null, null);

    /// <inheritdoc/>
    public async IAsyncEnumerable<Told> ReadAsync([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var told in _told.Reader.ReadAllAsync(cancellation).ConfigureAwait(false))
        {
            yield return told;
        }
    }

    /// <inheritdoc/>
    public async Task BeatAsync(Beat beat, CancellationToken cancellation)
    {
        var told = await api.BeatAsync(beat, cancellation).ConfigureAwait(false);
        if (told is null)
        {
            var timeout = await api.RegisterAsync(cancellation).ConfigureAwait(false);
            _told.Writer.TryWrite(new Told.Group(timeout));
            told = await api.BeatAsync(beat, cancellation).ConfigureAwait(false)
                ?? throw new LinkException(LinkFailure.SessionGone, "The session is not found right after it was registered.");
        }

        _told.Writer.TryWrite(told);
    }

    /// <inheritdoc/>
    public Task AcknowledgeAsync(long term, DateTimeOffset? final, CancellationToken cancellation) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task LeaveAsync(bool unregister, CancellationToken cancellation)
    {
        if (unregister)
        {
            await api.UnregisterAsync(cancellation).ConfigureAwait(false);
        }

        _told.Writer.TryComplete();
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _told.Writer.TryComplete();
        api.Dispose();
        return ValueTask.CompletedTask;
    }
}
