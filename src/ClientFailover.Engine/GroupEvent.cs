namespace ClientFailover.Engine;

/// <summary>
/// Something that happened in a group. All events are recorded in its history; folding them in their order
/// rebuilds its durable state (<see cref="DurableGroup.Apply"/>).
/// </summary>
/// <param name="Time">When, by the service's wall clock.</param>
public abstract record GroupEvent(DateTime Time);

/// <summary>The group was created.</summary>
/// <param name="Time">When.</param>
/// <param name="Configuration">Its configuration.</param>
public sealed record GroupCreated(DateTime Time, GroupConfiguration Configuration) : GroupEvent(Time);

/// <summary>The group was deleted with its sessions and LastDataProcessedTime; only its term is remembered.</summary>
/// <param name="Time">When.</param>
public sealed record GroupDeleted(DateTime Time) : GroupEvent(Time);

/// <summary>A session was registered.</summary>
/// <param name="Time">When.</param>
/// <param name="SessionId">Its id, as first written.</param>
/// <param name="Name">A name for people.</param>
/// <param name="AdditionalData">A JSON object kept with it, as text.</param>
/// <param name="Order">Its place in the order of registration: greater than that of every earlier session.</param>
public sealed record SessionRegistered(DateTime Time, string SessionId, string? Name, string? AdditionalData, long Order) : GroupEvent(Time);

/// <summary>A session whose name was empty got one.</summary>
/// <param name="Time">When.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Name">Its name.</param>
public sealed record SessionNamed(DateTime Time, string SessionId, string Name) : GroupEvent(Time);

/// <summary>A session was removed, with its override and its role.</summary>
/// <param name="Time">When.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Reason"><see cref="Reason.SessionUnregistered"/> or <see cref="Reason.SessionStale"/>. Changes no durable state.</param>
public sealed record SessionUnregistered(DateTime Time, string SessionId, Reason Reason = Reason.SessionUnregistered) : GroupEvent(Time);

/// <summary>A session was lost: its deadline passed or its stream broke. Changes no durable state.</summary>
/// <param name="Time">When.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Reason"><see cref="Reason.SessionTimedOut"/> or <see cref="Reason.SessionConnectionLost"/>.</param>
/// <param name="Silence">Time since it was last heard from.</param>
public sealed record SessionLost(DateTime Time, string SessionId, Reason Reason, TimeSpan Silence) : GroupEvent(Time);

/// <summary>A session that was lost was heard from again. Changes no durable state.</summary>
/// <param name="Time">When.</param>
/// <param name="SessionId">The session.</param>
public sealed record SessionReturned(DateTime Time, string SessionId) : GroupEvent(Time);

/// <summary>An administrator's order came into force, or was withdrawn or expired (<see cref="RoleOverride.Off"/>).</summary>
/// <param name="Time">When.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Value">The order.</param>
/// <param name="Expires">When it ends; null: until it is withdrawn.</param>
public sealed record RoleOverrideChanged(DateTime Time, string SessionId, RoleOverride Value, DateTime? Expires) : GroupEvent(Time);

/// <summary>
/// The role of a session changed. A session that becomes Primary takes the role from whoever had it by this one
/// event; a second one, with the same term, tells of the other's change.
/// </summary>
/// <param name="Time">When.</param>
/// <param name="SessionId">The session.</param>
/// <param name="OldRole">Its role before.</param>
/// <param name="NewRole">Its role since.</param>
/// <param name="Term">The term of the Primary since; to PendingPrimary with a drain: the term that the handover reserves.</param>
/// <param name="Reason">Why.</param>
/// <param name="LastDataProcessedTime">The group's at this moment; null: none.</param>
/// <param name="Detection">Unplanned promotion: silence of the lost Primary until its loss was decided.</param>
/// <param name="Takeover">Promotion: time from the decision to this assignment.</param>
/// <param name="IsExact">
/// Promotion: LastDataProcessedTime is exactly what the old Primary has egressed, by the timestamps of the sources that both
/// report, so that the new one need not allow for the lag of clocks.
/// </param>
/// <param name="Score">The score that the session reported last; null: none. Told to people, not kept.</param>
public sealed record RoleChanged(
    DateTime Time,
    string SessionId,
    Role OldRole,
    Role NewRole,
    long Term,
    Reason Reason,
    DateTime? LastDataProcessedTime,
    TimeSpan? Detection = null,
    TimeSpan? Takeover = null,
    bool IsExact = false,
    float? Score = null) : GroupEvent(Time);

/// <summary>The group's LastDataProcessedTime moved, and it is time to record it.</summary>
/// <param name="Time">When.</param>
/// <param name="Value">The value.</param>
public sealed record LastDataProcessedTimeRecorded(DateTime Time, DateTime Value) : GroupEvent(Time);
