namespace ClientFailover.Client.Egress;

/// <summary>What the egress may send at a moment.</summary>
/// <param name="IsGiven">Whether it may send anything.</param>
/// <param name="UpTo">Only values whose time is not later; null: all.</param>
/// <param name="OwnUpTo">The adapter is not Primary, but what it received until then nobody else has; null: it is Primary.</param>
/// <param name="Term">The term in which the adapter is Primary, or was last; null: not known.</param>
/// <param name="ReplayBefore">What was received before is a replay.</param>
/// <param name="Version">Of the permit: another one since makes it void.</param>
/// <param name="Appended">How many values up to the cut of a handover had arrived since it began.</param>
internal readonly record struct EgressPermit(
    bool IsGiven, DateTimeOffset? UpTo, DateTimeOffset? OwnUpTo, long? Term, DateTimeOffset ReplayBefore, long Version, long Appended);
