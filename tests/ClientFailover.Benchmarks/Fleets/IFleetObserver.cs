namespace ClientFailover.Benchmarks.Fleets;

/// <summary>Takes what the service says to the adapters of a fleet.</summary>
internal interface IFleetObserver
{
    /// <summary>A heartbeat was answered.</summary>
    /// <param name="session">Whose.</param>
    /// <param name="message">The whole service message; valid only during the call.</param>
    void OnReply(StreamSession session, ReadOnlySpan<byte> message);

    /// <summary>A role was assigned.</summary>
    /// <param name="session">To whom.</param>
    /// <param name="message">The whole service message; valid only during the call.</param>
    void OnAssignment(StreamSession session, ReadOnlySpan<byte> message);
}
