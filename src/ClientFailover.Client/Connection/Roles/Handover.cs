namespace ClientFailover.Client.Connection.Roles;

/// <summary>An order to hand the role over, while it is carried out and until the service has told what came of it.</summary>
/// <param name="Term">The term of the order.</param>
/// <param name="Started">When it came, by the monotonic clock.</param>
/// <param name="TimeLeft">The time that was left then.</param>
/// <param name="Final">Where the member stopped, once it has.</param>
internal sealed record Handover(long Term, long Started, TimeSpan TimeLeft, Task<DateTimeOffset?> Final);
