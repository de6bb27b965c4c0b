namespace ClientFailover.Engine;

/// <summary>Service-wide settings of the role engine.</summary>
public sealed record EngineSettings
{
    /// <summary>How long a session whose stream broke still counts as live. Default 1 s; zero is allowed.</summary>
    public TimeSpan ConnectionLossGrace { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// What is added to the failover timeout of REST sessions, which beat every half of it and never retry.
    /// Null: the smaller of 2 s and an eighth of the group's failover timeout.
    /// </summary>
    public TimeSpan? HeartbeatTolerance { get; init; }

    /// <summary>How long a handover by score waits after a promotion. Null: one failover timeout of the group.</summary>
    public TimeSpan? MinimumHoldTime { get; init; }

    /// <summary>How long a Primary may take to drain. Default 5 s; at most half the group's failover timeout counts.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// The share of the shortest regular heartbeat interval (1 s or the group's, whichever is less) before which the
    /// next heartbeat is refused as too soon. Default 0.8; 0 refuses none.
    /// </summary>
    public double MinimumHeartbeatInterval { get; init; } = 0.8;

    /// <summary>How often at most a moving LastDataProcessedTime is recorded without a role change. Default 10 s.</summary>
    public TimeSpan LastDataProcessedTimeInterval { get; init; } = TimeSpan.FromSeconds(10);

    internal TimeSpan ToleranceFor(TimeSpan failoverTimeout) =>
        HeartbeatTolerance ?? TimeSpan.FromTicks(Math.Min(TimeSpan.FromSeconds(2).Ticks, failoverTimeout.Ticks / 8));
}
