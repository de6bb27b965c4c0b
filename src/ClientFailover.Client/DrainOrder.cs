namespace ClientFailover.Client;

/// <summary>The order to hand the role over: finish what is in flight, egress nothing more.</summary>
/// <param name="Term">The term that the successor will have; when the adapter itself leaves: the last one it was told, or 0.</param>
/// <param name="Reason">Why, in the words of the group's history; "Leaving": the adapter itself leaves; null: the service did not say.</param>
/// <param name="TimeLeft">After this time from now the successor is assigned without the acknowledgement.</param>
public sealed record DrainOrder(long Term, string? Reason, TimeSpan TimeLeft);
