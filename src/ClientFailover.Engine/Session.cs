namespace ClientFailover.Engine;

/// <summary>One adapter's membership of a group, durable and live. Changed by the decider alone.</summary>
public sealed class Session
{
    internal Session(DurableSession stored)
    {
        Id = stored.Id;
        Name = stored.Name;
        AdditionalData = stored.AdditionalData;
        Order = stored.Order;
        Override = stored.Override;
        OverrideExpires = stored.OverrideExpires;
    }

    /// <summary>Its id, as first written.</summary>
    public string Id { get; }

    /// <summary>A name for people.</summary>
    public string? Name { get; internal set; }

    /// <summary>A JSON object kept with it, as text.</summary>
    public string? AdditionalData { get; }

    /// <summary>Its place in the order of registration.</summary>
    public long Order { get; }

    /// <summary>The administrator's order in force.</summary>
    public RoleOverride Override { get; internal set; }

    /// <summary>When that ends, by the wall clock; null: until it is withdrawn.</summary>
    public DateTime? OverrideExpires { get; internal set; }

    /// <summary>Whether it posted a heartbeat since it was registered or the service started.</summary>
    public bool HeartbeatPosted { get; internal set; }

    /// <summary>The score it reported last, 0 to 100.</summary>
    public float FailoverScore { get; internal set; }

    /// <summary><see cref="FailoverScore"/>; null: it reported none yet.</summary>
    internal float? ReportedScore => HeartbeatPosted ? FailoverScore : null;

    /// <summary>The LastDataProcessedTime it reported last; null: none.</summary>
    public DateTime? LastDataProcessedTime { get; internal set; }

    /// <summary>The adapter's own time as it told it, else the time of receipt. Shown, never used.</summary>
    public DateTime HeartbeatTime { get; internal set; }

    /// <summary>Whether anybody hears from it.</summary>
    public Presence Presence { get; internal set; }

    /// <summary>When it counts as lost unless it is heard from, on the monotonic clock.</summary>
    public TimeSpan Deadline { get; internal set; }

    /// <summary>When it was last heard from, on the monotonic clock; its registration or the service's return count.</summary>
    public TimeSpan LastHeard { get; internal set; }

    /// <summary>Time between its last two accepted heartbeats; zero: there were not two in a row.</summary>
    public TimeSpan Interval { get; internal set; }

    /// <summary>Whether a stream of it is open now.</summary>
    public bool OnStream => StreamId is not null;

    /// <summary>Whether it steps down by its own clock when it cannot reach the service.</summary>
    public bool StepDown { get; internal set; }

    /// <summary>Whether its LastDataProcessedTime is a timestamp of its sources.</summary>
    public bool SourceTimestamps { get; internal set; }

    /// <summary>The stream that is open now.</summary>
    internal long? StreamId { get; set; }

    /// <summary>Whether its last sign of life came over a stream, so that no tolerance is added to its deadline.</summary>
    internal bool BeatsOnStream { get; set; }

    /// <summary>Whether its score was reported since it was last lost and since the service's own absence.</summary>
    internal bool ScoreIsFresh { get; set; }

    /// <summary>Since when its score has been no lower than it is, without a restart or a loss, on the monotonic clock.</summary>
    internal TimeSpan GoodSince { get; set; }

    /// <summary>When its last accepted heartbeat came; null: none that the too-soon rule counts from.</summary>
    internal TimeSpan? LastAccepted { get; set; }

    /// <summary>The deadline that a connection-loss hint replaced; null: no hint.</summary>
    internal TimeSpan? DeadlineBeforeHint { get; set; }
}

/// <summary>Whether anybody hears from a session.</summary>
public enum Presence
{
    /// <summary>
    /// Not heard from since it was registered, or since the service's own absence; its deadline has not passed.
    /// A Primary on record is presumed live then; any other session is not.
    /// </summary>
    Unheard,

    /// <summary>Heard from, and its deadline has not passed.</summary>
    Live,

    /// <summary>Its deadline has passed.</summary>
    Lost,
}
