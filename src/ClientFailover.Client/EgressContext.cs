namespace ClientFailover.Client;

/// <summary>In what role values are sent.</summary>
/// <param name="Term">
/// Term in which this adapter is Primary, or was, if it sends after it was relieved what nobody else has: a fencing token for destinations
/// that can compare it. Null over REST, and where the relieved adapter was restarted meanwhile.
/// </param>
/// <param name="IsReplay">The values were buffered before this adapter became Primary: the old Primary may have sent some of them.</param>
public readonly record struct EgressContext(long? Term, bool IsReplay);
