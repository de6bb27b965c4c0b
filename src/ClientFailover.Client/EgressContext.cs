namespace ClientFailover.Client;

/// <summary>In what role values are sent.</summary>
/// <param name="Term">Term in which this adapter is Primary: a fencing token for destinations that can compare it; null over REST.</param>
/// <param name="IsReplay">The values were buffered before this adapter became Primary: the old Primary may have sent some of them.</param>
public readonly record struct EgressContext(long? Term, bool IsReplay);
