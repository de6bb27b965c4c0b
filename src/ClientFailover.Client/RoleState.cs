namespace ClientFailover.Client;

/// <summary>What an adapter knows of its role.</summary>
/// <param name="Role">The role.</param>
/// <param name="Term">
/// Term of the group's newest assignment of Primary: a fencing token that only grows. Null over REST, whose heartbeats
/// do not tell it, and before the first answer of the service.
/// </param>
/// <param name="Reason">
/// Why the role was assigned, in the words of the group's history ("PrimaryTimedOut"); null when the service did not
/// say, as over REST. Where the role was given up without an assignment, the library's own word: "ServiceLost" (it stepped down, see
/// <see cref="OnServiceLost.StepDown"/>), "SessionReplaced" (another process has taken the session), "SessionUnregistered" (the
/// session was deleted), "Leaving" (it leaves the group).
/// </param>
/// <param name="LastDataProcessedTime">Time of the last data that a Primary of the group is known to have egressed; null: none.</param>
/// <param name="IsExact">
/// The time is exactly where the old Primary stopped: what is later was not egressed, what is not later was. Otherwise
/// half a failover timeout has to be subtracted before anything is taken for egressed.
/// </param>
/// <param name="Since">When the adapter learnt of the role, by its own clock, UTC.</param>
public sealed record RoleState(
    FailoverRole Role,
    long? Term,
    string? Reason,
    DateTimeOffset? LastDataProcessedTime,
    bool IsExact,
    DateTimeOffset Since);
