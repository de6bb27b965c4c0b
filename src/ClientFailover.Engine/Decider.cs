namespace ClientFailover.Engine;

/// <summary>
/// Decides who is Primary: applies one command to the state of one group and says what happened. Deterministic: the
/// same commands in the same order give the same events. No clock, no I/O, no chance.
/// <para>
/// Guaranteed: at most one Primary a group, always. Terms only grow, and one belongs to one session. Nobody is newly
/// promoted while not live. The loss of a Primary is decided in the first tick after its deadline. The service's own
/// absence changes no role. The group's LastDataProcessedTime never goes back, and is at most what some Primary
/// reported. No handover by score without a strictly greater score. Folding the events rebuilds the durable state.
/// </para>
/// <para>
/// Not guaranteed: that a Primary which is cut off from the service stops. An adapter over REST goes on, and so does
/// one over a stream unless it asked to step down by its own clock. Whoever needs exclusion fences with the term.
/// </para>
/// </summary>
public static class Decider
{
    /// <summary>Applies a command. The state is changed; the events are to be recorded.</summary>
    /// <param name="state">The group.</param>
    /// <param name="command">The command.</param>
    /// <returns>What happened, and what to answer.</returns>
    /// <exception cref="ArgumentException">The command is of a kind that this version does not know.</exception>
    public static Decision Decide(GroupState state, GroupCommand command)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        if (state.Configuration is null && command is not ApplyChanges)
        {
            return new Decision([], new Refusal(RefusalKind.GroupNotFound));
        }

        return command is not PostHeartbeat heartbeat
            ? Other(state, command)
            : state.Find(heartbeat.SessionId) is { } session
                ? Heartbeat(
                    state,
                    session,
                    heartbeat.Now,
                    new HeartbeatReport(heartbeat.FailoverScore, heartbeat.LastDataProcessedTime, heartbeat.HeartbeatTime),
                    heartbeat.OnStream)
                : new Decision([], new Refusal(RefusalKind.SessionNotFound));
    }

    /// <summary>
    /// Applies a <see cref="PostHeartbeat"/> of a session that is found already, without making a command of it: there
    /// are as many heartbeats as of nothing else.
    /// </summary>
    /// <param name="state">The group, which exists.</param>
    /// <param name="session">The session that beats, one of the group's.</param>
    /// <param name="now">When it was received.</param>
    /// <param name="report">What it says.</param>
    /// <param name="onStream">Whether it came over the adapter stream.</param>
    /// <returns>What happened, and what to answer.</returns>
    public static Decision Heartbeat(GroupState state, Session session, Now now, in HeartbeatReport report, bool onStream)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(session);
        var t = new Transition(state, now) { Beating = session };
        var refusal = HeartbeatRule.Take(t, session, report, onStream);
        return new Decision(t.Events, refusal, Reply(state, session), t.DrainOrder);
    }

    /// <summary>Every command but a heartbeat. On its own, because its closures would be made for heartbeats too.</summary>
    private static Decision Other(GroupState state, GroupCommand command) => command switch
    {
        Tick c => OfGroup(state, c, Deadlines.Pass),
        ApplyChanges c => OfGroup(state, c, t => Changes.Apply(t, c.Events)),
        ServiceWasAbsent c => OfGroup(state, c, _ => Absence(state, c)),
        RegisterAgain c => OfSession(state, c, c.SessionId, Restarted),
        StreamHello c => OfSession(state, c, c.SessionId, (t, session) => Hello(t, session, c)),
        StreamEnded c => OfSession(state, c, c.SessionId, (t, session) => Ended(t, session, c)),
        WithdrawConnectionLossHint c => OfSession(state, c, c.SessionId, (_, session) => Withdraw(session)),
        AcknowledgeAssignment c => Acknowledge(state, c),
        _ => throw new ArgumentException($"Unknown command {command.GetType().Name}.", nameof(command)),
    };

    private static Decision OfGroup(GroupState state, GroupCommand command, Action<Transition> rule)
    {
        var t = new Transition(state, command.Now);
        rule(t);
        return new Decision(t.Events, DrainOrder: t.DrainOrder);
    }

    private static Decision OfSession(GroupState state, GroupCommand command, string sessionId, Func<Transition, Session, Refusal?> rule)
    {
        if (state.Find(sessionId) is not { } session)
        {
            return new Decision([], new Refusal(RefusalKind.SessionNotFound));
        }

        var t = new Transition(state, command.Now);
        var refusal = rule(t, session);
        return new Decision(t.Events, refusal, Reply(state, session), t.DrainOrder);
    }

    private static RoleReply Reply(GroupState state, Session session) =>
        new(state.RoleOf(session), state.PrimaryTerm, state.LastDataProcessedTime);

    private static void Absence(GroupState state, ServiceWasAbsent command)
    {
        if (command.Gap is { } gap && gap <= state.FailoverTimeout / 4)
        {
            Liveness.Shift(state, gap);
        }
        else
        {
            Liveness.StartAnew(state, command.Now);
        }
    }

    private static Refusal? Restarted(Transition t, Session session)
    {
        // What it reported in its former life elects nobody.
        session.ScoreIsFresh = false;
        session.LastAccepted = null;
        if (session == t.State.Primary)
        {
            Succession.PrimaryRestarted(t, session);
        }
        else if (t.State.Handover is { Planned: false } handover && session == handover.Candidate)
        {
            // Its buffer is empty now: another may hold what it was chosen for.
            Succession.CandidateLost(t, handover);
        }

        return null;
    }

    private static Refusal? Hello(Transition t, Session session, StreamHello command)
    {
        session.StreamId = command.StreamId;
        session.StepDown = command.StepDown;
        session.SourceTimestamps = command.SourceTimestamps;
        Liveness.Hear(t, session, onStream: true);
        if (command.LastKnownTerm is null)
        {
            Restarted(t, session);
        }

        session.LastAccepted = null;
        Succession.Review(t);
        Drain.Repeat(t, session);
        return null;
    }

    private static Refusal? Ended(Transition t, Session session, StreamEnded command)
    {
        if (session.StreamId == command.StreamId)
        {
            session.StreamId = null;
            if (command.BrokenByPeer)
            {
                Liveness.Hint(t, session);
            }
        }

        return null;
    }

    private static Refusal? Withdraw(Session session)
    {
        Liveness.WithdrawHint(session);
        return null;
    }

    private static Decision Acknowledge(GroupState state, AcknowledgeAssignment command)
    {
        if (state.Find(command.SessionId) is not { } session)
        {
            return new Decision([], new Refusal(RefusalKind.SessionNotFound));
        }

        var isCandidate = session == state.PendingPrimary && command.Term == state.PrimaryTerm;
        var t = new Transition(state, command.Now) { Beating = isCandidate ? session : null };
        if (isCandidate)
        {
            Promotion.Advance(t);
        }
        else if (session == state.Primary && state.Handover is { Drained: false } handover && handover.DrainTerm == command.Term)
        {
            LastDataProcessed.Report(t, session, command.FinalLastDataProcessedTime);

            // While the group's time is kept back for what the Primary missed, it is not what the Primary has egressed.
            var final = command.FinalLastDataProcessedTime;
            Drain.End(t, isTimeExact: final is not null && final == t.State.LastDataProcessedTime);
        }

        return new Decision(t.Events, null, Reply(state, session), t.DrainOrder);
    }
}
