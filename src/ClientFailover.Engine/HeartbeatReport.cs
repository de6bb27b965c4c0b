namespace ClientFailover.Engine;

/// <summary>What a heartbeat says.</summary>
/// <param name="FailoverScore">0 to 100, finite.</param>
/// <param name="LastDataProcessedTime">Time of the last data the adapter has egressed, UTC; null: none.</param>
/// <param name="HeartbeatTime">The adapter's own time, UTC; shown, never used. Null: not told.</param>
public readonly record struct HeartbeatReport(float FailoverScore, DateTime? LastDataProcessedTime, DateTime? HeartbeatTime);
