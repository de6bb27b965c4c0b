using System.Threading.Channels;
using ClientFailover.Client.Connection;

namespace ClientFailover.Client.Testing;

/// <summary>One connection to a <see cref="FakeFailoverService"/>.</summary>
/// <param name="session">Its session.</param>
/// <param name="welcome">What hello is answered.</param>
internal sealed class FakeLink(FakeSession session, Told.Welcome welcome) : ILink
{
    private readonly Channel<Told> _told = Channel.CreateUnbounded<Told>();

    /// <inheritdoc/>
    public ConnectionState Kind => ConnectionState.Stream;

    /// <inheritdoc/>
    public Told.Welcome Welcome { get; } = welcome;

    /// <summary>Tells the adapter something.</summary>
    public void Tell(Told told)
    {
        if (!_told.Writer.TryWrite(told))
        {
            told.Taken?.TrySetResult();
        }
    }

    /// <summary>Ends it.</summary>
    /// <param name="reason">Why; null: in order.</param>
    public void End(LinkException? reason) => _told.Writer.TryComplete(reason);

    /// <inheritdoc/>
    public IAsyncEnumerable<Told> ReadAsync(CancellationToken cancellation) => _told.Reader.ReadAllAsync(cancellation);

    /// <inheritdoc/>
    public Task BeatAsync(Beat beat, CancellationToken cancellation)
    {
        session.Take(this, beat);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task AcknowledgeAsync(long term, DateTimeOffset? final, CancellationToken cancellation)
    {
        session.Acknowledge(term, final);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task LeaveAsync(bool unregister, CancellationToken cancellation)
    {
        session.Leave(this, unregister);
        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        session.Close(this);
        while (_told.Reader.TryRead(out var unread))
        {
            unread.Taken?.TrySetResult();
        }

        return ValueTask.CompletedTask;
    }
}
