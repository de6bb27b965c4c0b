namespace ClientFailover.Engine;

/// <summary>A change of a group's configuration, membership or orders: durable before it is visible.</summary>
public abstract record ChangeRequest;

/// <summary>Create the group.</summary>
/// <param name="Group">What is asked for.</param>
/// <param name="DefaultFailoverTimeout">The failover timeout when none is asked for.</param>
public sealed record CreateGroup(RequestedGroup Group, TimeSpan DefaultFailoverTimeout) : ChangeRequest;

/// <summary>Delete the group.</summary>
public sealed record DeleteGroup : ChangeRequest;

/// <summary>Register a session.</summary>
/// <param name="SessionId">Its id.</param>
/// <param name="Name">A name for people; null or empty: none.</param>
/// <param name="AdditionalData">A JSON object to keep with it, as text.</param>
public sealed record RegisterSession(string SessionId, string? Name, string? AdditionalData) : ChangeRequest;

/// <summary>Remove a session.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="OnlyIfStale">
/// True: nothing is changed unless the session is lost and nothing hangs on it: it is neither Primary nor about to be, no
/// order is in force for it, and another session of the group is live. Where none is, the whole group is out of service, and is
/// to be found as it was left.
/// </param>
public sealed record UnregisterSession(string SessionId, bool OnlyIfStale = false) : ChangeRequest;

/// <summary>Order a session's role, or withdraw the order.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Value">The order.</param>
/// <param name="Period">How long it holds, greater than zero; null: until it is withdrawn. Ignored with Off.</param>
public sealed record SetRoleOverride(string SessionId, RoleOverride Value, TimeSpan? Period) : ChangeRequest;

/// <summary>What a change request comes to.</summary>
/// <param name="Events">What to commit and then apply; empty: nothing to change.</param>
/// <param name="Refusal">Why it was refused; null: it was not.</param>
public readonly record struct ChangePlan(IReadOnlyList<GroupEvent> Events, Refusal? Refusal = null);
