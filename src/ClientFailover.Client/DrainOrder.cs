namespace ClientFailover.Client;

/// <summary>The order to hand the role over: finish what is in flight, egress nothing more.</summary>
/// <param name="Term">The term that the successor will have.</param>
/// <param name="Reason">Why, in the words of the group's history.</param>
/// <param name="TimeLeft">After this time from now the successor is assigned without the acknowledgement.</param>
public sealed record DrainOrder(long Term, string? Reason, TimeSpan TimeLeft);
