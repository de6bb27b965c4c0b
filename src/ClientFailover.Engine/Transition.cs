namespace ClientFailover.Engine;

/// <summary>One command at work on a group: the state, the time, and what has happened so far.</summary>
internal sealed class Transition(GroupState state, Now now)
{
    private List<GroupEvent>? _events;

    /// <summary>The group.</summary>
    public GroupState State { get; } = state;

    /// <summary>Monotonic time of the command.</summary>
    public TimeSpan Now { get; } = now.Monotonic;

    /// <summary>Wall-clock time of the command.</summary>
    public DateTime Utc { get; } = now.Utc;

    /// <summary>
    /// The session that gives a sign of life by this command: it can be told at once what it is elected to, and does
    /// not hang. A heartbeat, or the acknowledgement of a candidacy.
    /// </summary>
    public Session? Beating { get; init; }

    /// <summary>An order to drain that came of the command.</summary>
    public DrainOrder? DrainOrder { get; set; }

    /// <summary>What happened, in order.</summary>
    public IReadOnlyList<GroupEvent> Events => _events ?? (IReadOnlyList<GroupEvent>)[];

    /// <summary>Adds an event and folds it into the state, so that what follows sees it.</summary>
    public void Emit(GroupEvent change)
    {
        (_events ??= []).Add(change);
        State.Apply(change);
    }

    /// <summary>Emits a change of role.</summary>
    public void EmitRole(
        Session session, Role newRole, long term, Reason reason, TimeSpan? detection = null, TimeSpan? takeover = null, bool exact = false)
    {
        Emit(new RoleChanged(
            Utc, session.Id, State.RoleOf(session), newRole, term, reason, State.LastDataProcessedTime, detection, takeover, exact, session.ReportedScore));
        State.LastDataProcessedTimeRecordedAt = Now;
    }
}
