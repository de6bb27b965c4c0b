namespace ClientFailover.Engine;

/// <summary>What the passing of time does: orders end, sessions are lost, drains and holds are over.</summary>
internal static class Deadlines
{
    /// <summary>Lets everything run out whose time has come, and says when the next tick is due.</summary>
    public static void Pass(Transition t)
    {
        t.State.NextDeadline = Next(t);
        if (!(t.State.NextDeadline <= t.Now) && t.State.Handover is not { Candidate.Presence: Presence.Lost })
        {
            // As nearly always: a heartbeat has moved the deadline that the tick was for. One walk over the sessions is enough.
            return;
        }

        EndOrders(t);
        LoseSessions(t);
        if (t.State.Handover is { DrainDeadline: { } drain } && drain <= t.Now)
        {
            Drain.End(t, isTimeExact: false);
        }

        if (t.State.Hold is { IsArmed: true } hold && hold.Ends <= t.Now)
        {
            hold.IsArmed = false;
            Succession.Review(t);
        }

        t.State.NextDeadline = Next(t);
    }

    private static void EndOrders(Transition t)
    {
        List<Session>? ended = null;
        foreach (var session in t.State.AllSessions)
        {
            if (session.OverrideExpires <= t.Utc && !t.State.IsOrderPlanned(session))
            {
                (ended ??= []).Add(session);
            }
        }

        ended?.Sort((a, b) => a.Order.CompareTo(b.Order));
        foreach (var session in ended ?? [])
        {
            var before = session.Override;
            t.Emit(new RoleOverrideChanged(t.Utc, session.Id, RoleOverride.Off, null));
            Succession.OrderChanged(t, session, before);
        }
    }

    private static void LoseSessions(Transition t)
    {
        var lost = Liveness.ExpireSessions(t);
        if (t.State.Primary is { } primary && lost.Contains(primary))
        {
            Succession.PrimaryLost(t, primary);
        }

        if (t.State.Handover is { Candidate.Presence: Presence.Lost } handover)
        {
            Succession.CandidateLost(t, handover);
        }
    }

    private static TimeSpan? Next(Transition t)
    {
        TimeSpan? next = null;
        foreach (var session in t.State.AllSessions)
        {
            if (session.Presence != Presence.Lost)
            {
                Consider(session.Deadline);
            }

            if (session.OverrideExpires is { } expires && !t.State.IsOrderPlanned(session))
            {
                Consider(t.Now + (expires - t.Utc));
            }
        }

        Consider(t.State.Handover?.DrainDeadline);
        Consider(t.State.Hold.IsArmed ? t.State.Hold.Ends : null);
        return next;

        void Consider(TimeSpan? deadline) => next = deadline is null || next <= deadline ? next : deadline;
    }
}
