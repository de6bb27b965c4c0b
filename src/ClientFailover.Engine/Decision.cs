namespace ClientFailover.Engine;

/// <summary>What the decider made of a command.</summary>
/// <param name="Events">What happened, in order; to be recorded.</param>
/// <param name="Refusal">Why the command was refused; null: it was not.</param>
/// <param name="Reply">The session's role and the group's LastDataProcessedTime, for commands of a session.</param>
/// <param name="DrainOrder">An order to a Primary on a stream to drain, to be sent at once.</param>
public readonly record struct Decision(
    IReadOnlyList<GroupEvent> Events,
    Refusal? Refusal = null,
    RoleReply? Reply = null,
    DrainOrder? DrainOrder = null);

/// <summary>What a session is answered.</summary>
/// <param name="Role">Its role in the state.</param>
/// <param name="Term">The group's term.</param>
/// <param name="LastDataProcessedTime">The group's; null: none.</param>
public readonly record struct RoleReply(Role Role, long Term, DateTime? LastDataProcessedTime);

/// <summary>An order to hand over.</summary>
/// <param name="SessionId">The Primary.</param>
/// <param name="Term">The term that the handover has reserved, which the acknowledgement must quote.</param>
/// <param name="Reason">Why.</param>
/// <param name="Deadline">When the successor is promoted without the acknowledgement, on the monotonic clock.</param>
public sealed record DrainOrder(string SessionId, long Term, Reason Reason, TimeSpan Deadline);
