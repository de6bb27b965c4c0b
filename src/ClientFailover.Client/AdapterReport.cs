namespace ClientFailover.Client;

/// <summary>What an adapter tells about itself in a heartbeat.</summary>
/// <param name="FailoverScore">How much of its data sources it reaches: 0 (nothing) to 100 (everything), finite.</param>
/// <param name="LastDataProcessedTime">
/// Everything that was collected up to this time, on every selected stream, has been egressed by this adapter; null: it
/// never egressed anything. Resolution 100 ns.
/// </param>
public readonly record struct AdapterReport(float FailoverScore, DateTimeOffset? LastDataProcessedTime);
