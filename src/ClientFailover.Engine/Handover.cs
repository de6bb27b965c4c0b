namespace ClientFailover.Engine;

/// <summary>A promotion that is under way: who, why, and how far it has come.</summary>
internal sealed class Handover(Session candidate, bool planned, Reason reason, TimeSpan started)
{
    /// <summary>The session that is about to become Primary.</summary>
    public Session Candidate { get; } = candidate;

    /// <summary>Whether a live Primary hands over; false: there is none, or it lost its memory.</summary>
    public bool Planned { get; set; } = planned;

    /// <summary>Why.</summary>
    public Reason Reason { get; set; } = reason;

    /// <summary>When it was decided, on the monotonic clock.</summary>
    public TimeSpan Started { get; set; } = started;

    /// <summary>Silence of the lost Primary until its loss was decided.</summary>
    public TimeSpan? Detection { get; set; }

    /// <summary>Whether a REST candidate was answered PendingPrimary; its next heartbeat confirms.</summary>
    public bool Told { get; set; }

    /// <summary>Whether it goes by score past the hold, because the Primary's score fell to 0.</summary>
    public bool SkipsHold { get; init; }

    /// <summary>The term reserved for it when the Primary was ordered to drain; null: no order was given.</summary>
    public long? DrainTerm { get; set; }

    /// <summary>When the drain is no longer awaited; null: it is awaited for as long as the Primary is live.</summary>
    public TimeSpan? DrainDeadline { get; set; }

    /// <summary>Whether the drain is over: acknowledged, or no longer awaited.</summary>
    public bool Drained { get; set; }

    /// <summary>Whether the Primary acknowledged that it has drained, and the group's LastDataProcessedTime is where it stopped.</summary>
    public bool IsTimeExact { get; set; }
}
