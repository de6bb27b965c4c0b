namespace ClientFailover.Client.Connection;

/// <summary>One connection of a session to its group, from joining to its end. Members but <see cref="ReadAsync"/> throw <see cref="LinkException"/> when it has ended.</summary>
internal interface ILink : IAsyncDisposable
{
    /// <summary>What it is made of.</summary>
    ConnectionState Kind { get; }

    /// <summary>What the service answered to joining.</summary>
    Told.Welcome Welcome { get; }

    /// <summary>What the service tells, in order. Once. Ends in order only after <see cref="LeaveAsync"/>, else by a <see cref="LinkException"/>.</summary>
    IAsyncEnumerable<Told> ReadAsync(CancellationToken cancellation);

    /// <summary>Sends a heartbeat. One at a time. Its answer comes by <see cref="ReadAsync"/>.</summary>
    Task BeatAsync(Beat beat, CancellationToken cancellation);

    /// <summary>Acknowledges an assignment. Over REST: nothing to do.</summary>
    Task AcknowledgeAsync(long term, DateTimeOffset? final, CancellationToken cancellation);

    /// <summary>Says goodbye and waits for the service to take it.</summary>
    /// <param name="unregister">The session is to be deleted; else it only disconnects.</param>
    /// <param name="cancellation">Ends the wait.</param>
    Task LeaveAsync(bool unregister, CancellationToken cancellation);
}
