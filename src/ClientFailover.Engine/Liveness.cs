namespace ClientFailover.Engine;

/// <summary>
/// Rules of liveness: who counts as heard from, and until when. Only the service's own monotonic clock decides.
/// Deadlines run out in <see cref="ExpireSessions"/> alone, which a tick calls: the scheduler that sends ticks
/// first makes sure that the service itself was not absent, so no other command may take a silence for a loss.
/// </summary>
internal static class Liveness
{
    /// <summary>Whether a session may be promoted now: heard from, its deadline not passed.</summary>
    public static bool IsLive(this Session session, TimeSpan now) => session.Presence == Presence.Live && session.Deadline > now;

    /// <summary>A sign of life: renews the deadline, and ends a silence.</summary>
    public static void Hear(Transition t, Session session, bool onStream)
    {
        PresumePrimaryLive(t, session);
        var wasLost = session.Presence == Presence.Lost;
        if (session.Presence != Presence.Live)
        {
            session.Presence = Presence.Live;
            t.State.LiveCount++;
        }

        session.BeatsOnStream = onStream;
        session.LastHeard = t.Now;
        session.DeadlineBeforeHint = null;
        session.Deadline = t.Now + FullDeadline(t.State, session);
        t.State.Arm(session.Deadline);
        if (wasLost)
        {
            t.Emit(new SessionReturned(t.Utc, session.Id));
        }
    }

    /// <summary>A session was registered: it is no candidate, and times out like any other.</summary>
    public static void Register(Transition t, Session session)
    {
        session.LastHeard = t.Now;
        session.Deadline = t.Now + FullDeadline(t.State, session);
        t.State.Arm(session.Deadline);
    }

    /// <summary>A stream broke without goodbye: the deadline moves forward to the end of the grace, never back.</summary>
    public static void Hint(Transition t, Session session)
    {
        var deadline = t.Now + t.State.Settings.ConnectionLossGrace;
        if (!session.StepDown && session.Presence != Presence.Lost && deadline < session.Deadline)
        {
            session.DeadlineBeforeHint ??= session.Deadline;
            session.Deadline = deadline;
            t.State.Arm(deadline);
        }
    }

    /// <summary>The hint was the network's fault: the deadline is again what it was.</summary>
    public static void WithdrawHint(Session session)
    {
        if (session.DeadlineBeforeHint is { } deadline && session.Presence != Presence.Lost)
        {
            session.Deadline = deadline;
            session.DeadlineBeforeHint = null;
        }
    }

    /// <summary>Lets every deadline that has passed run out.</summary>
    /// <returns>The sessions that were lost by it, in the order of registration.</returns>
    public static List<Session> ExpireSessions(Transition t)
    {
        List<Session>? lost = null;
        foreach (var session in t.State.AllSessions)
        {
            if (session.Presence != Presence.Lost && session.Deadline <= t.Now)
            {
                (lost ??= []).Add(session);
            }
        }

        lost?.Sort((a, b) => a.Order.CompareTo(b.Order));
        foreach (var session in lost ?? [])
        {
            t.State.LiveCount -= session.Presence == Presence.Live ? 1 : 0;
            session.Presence = Presence.Lost;
            session.ScoreIsFresh = false;
            var reason = session.DeadlineBeforeHint is null ? Reason.SessionTimedOut : Reason.SessionConnectionLost;
            t.Emit(new SessionLost(t.Utc, session.Id, reason, t.Now - session.LastHeard));
        }

        return lost ?? [];
    }

    /// <summary>The service was absent for a known, short while: nobody could be heard, so all deadlines move by it.</summary>
    public static void Shift(GroupState state, TimeSpan gap)
    {
        foreach (var session in state.AllSessions)
        {
            session.Deadline += session.Presence == Presence.Lost ? TimeSpan.Zero : gap;
            session.DeadlineBeforeHint += gap;
        }

        if (state.Handover is { } handover)
        {
            handover.DrainDeadline += gap;
        }

        state.Hold.Ends += gap;
    }

    /// <summary>
    /// The service was absent for long, a clock jumped, or the group was restored: every session that was not lost
    /// gets a full new deadline and is nobody until heard from; the Primary on record is presumed live, whatever it was.
    /// </summary>
    public static void StartAnew(GroupState state, Now now)
    {
        foreach (var session in state.AllSessions)
        {
            session.ScoreIsFresh = false;
            session.DeadlineBeforeHint = null;
            if (session.Presence == Presence.Lost && session != state.Primary)
            {
                continue;
            }

            session.Presence = Presence.Unheard;
            session.LastHeard = now.Monotonic;
            session.Deadline = now.Monotonic + FullDeadline(state, session);
            state.Arm(session.Deadline);
        }

        state.LiveCount = 0;
        Promotion.StartAnew(state, now);
        state.Arm(now.Monotonic);
    }

    /// <summary>When nobody was live, the service was cut off rather than everybody dead: the Primary gets time to be heard.</summary>
    private static void PresumePrimaryLive(Transition t, Session heard)
    {
        if (t.State.LiveCount == 0 && t.State.Primary is { Presence: Presence.Lost } primary && primary != heard)
        {
            primary.Presence = Presence.Unheard;
            primary.DeadlineBeforeHint = null;
            primary.Deadline = t.Now + (t.State.FailoverTimeout / 2) + t.State.Tolerance;
            t.State.Arm(primary.Deadline);
        }
    }

    private static TimeSpan FullDeadline(GroupState state, Session session) =>
        session.BeatsOnStream ? state.FailoverTimeout : state.FailoverTimeout + state.Tolerance;
}
