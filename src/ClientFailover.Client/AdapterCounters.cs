namespace ClientFailover.Client;

/// <summary>What an adapter has done since it was created, in values.</summary>
/// <param name="Collected">Values that components published.</param>
/// <param name="Egressed">Values that the destination took.</param>
/// <param name="Rejected">Values that the destination will never take (<see cref="DataRejectedException"/>).</param>
/// <param name="Skipped">Values that arrived within one failover timeout after an exact handover and that the old Primary had egressed.</param>
/// <param name="Buffered">Values that are in the buffer now.</param>
/// <param name="Dropped">Values that a limit of the buffer forced it to drop.</param>
/// <param name="Gaps">Gaps in the data that no other adapter was there to fill.</param>
public readonly record struct AdapterCounters(long Collected, long Egressed, long Rejected, long Skipped, long Buffered, long Dropped, long Gaps);
