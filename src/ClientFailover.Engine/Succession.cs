namespace ClientFailover.Engine;

/// <summary>Rules of succession: which situation of a group calls for a promotion, and for whom.</summary>
internal static class Succession
{
    /// <summary>Looks at the group as it is, and starts or advances what it calls for.</summary>
    public static void Review(Transition t, Reason whenNobodyIsPrimary = Reason.OnlyClientInGroup)
    {
        var state = t.State;
        RetargetToOrder(t);
        if (state.Handover is not null)
        {
            Promotion.Advance(t);
        }
        else if (state.Primary is not { } primary)
        {
            Promotion.StartUnplanned(t, whenNobodyIsPrimary);
        }
        else if (primary.Override == RoleOverride.Secondary)
        {
            LeavePrimary(t, primary);
        }
        else if (primary.Override == RoleOverride.Primary)
        {
            // Primary by order, even when it is lost, until the order ends.
        }
        else if (primary.Presence == Presence.Lost)
        {
            Promotion.StartUnplanned(t, LossOf(primary), t.Now - primary.LastHeard);
        }
        else if (Election.Ordered(t) is { } ordered)
        {
            Promotion.StartPlanned(t, ordered, Reason.RoleOverride);
        }
        else if (MayHaveChangedOrder(t, primary)

            // Before the search: while the hold lasts, each of many that are better would look at all others with every heartbeat.
            && HoldRule.Allows(state, primary, out var skips)
            && Election.Best(t, primary) is { } best
            && best.FailoverScore > primary.FailoverScore)
        {
            Promotion.StartPlanned(t, best, Reason.HigherFailoverScore, skips);
        }
    }

    /// <summary>The deadline of the Primary passed.</summary>
    public static void PrimaryLost(Transition t, Session primary)
    {
        if (primary.Override == RoleOverride.Primary)
        {
            return;
        }

        var (reason, silence) = (LossOf(primary), t.Now - primary.LastHeard);
        if (t.State.Handover is not null)
        {
            Promotion.BecomeUnplanned(t, reason, silence);
        }
        else
        {
            Promotion.StartUnplanned(t, reason, silence);
        }
    }

    /// <summary>The candidate of the running handover was lost: another takes its place, or the Primary stays.</summary>
    public static void CandidateLost(Transition t, Handover handover)
    {
        Promotion.Cancel(t, handover);
        if (handover.Planned)
        {
            Review(t);
        }
        else if (t.State.Primary is null or { Presence: Presence.Lost })
        {
            Promotion.StartUnplanned(t, handover.Reason, handover.Detection);
        }
        else if (handover.Reason == Reason.PrimaryRestarted)
        {
            PrimaryRestarted(t, t.State.Primary);
        }
    }

    /// <summary>The session that was Primary is gone for good; it is no longer in the state.</summary>
    public static void PrimaryUnregistered(Transition t)
    {
        if (t.State.Handover is not null)
        {
            Promotion.BecomeUnplanned(t, Reason.PrimaryUnregistered, null);
        }
        else
        {
            Promotion.StartUnplanned(t, Reason.PrimaryUnregistered);
        }
    }

    /// <summary>
    /// The Primary restarted and lost its memory: what it had not egressed is in the buffers of others only, so one
    /// of them takes over, if it can reach any source at all.
    /// </summary>
    public static void PrimaryRestarted(Transition t, Session primary)
    {
        if (primary.Override == RoleOverride.Primary)
        {
            return;
        }

        if (t.State.Handover is { } handover)
        {
            if (handover.Candidate.FailoverScore > 0)
            {
                Promotion.BecomeUnplanned(t, Reason.PrimaryRestarted, null);
            }
        }
        else if (Election.Best(t, primary) is { FailoverScore: > 0 } best)
        {
            Promotion.StartUnplanned(t, Reason.PrimaryRestarted, candidate: best);
        }
    }

    /// <summary>An order for a session came into force, was withdrawn or expired.</summary>
    /// <param name="t">The transition; the order is in the state already.</param>
    /// <param name="session">The session.</param>
    /// <param name="before">The order that was in force before.</param>
    public static void OrderChanged(Transition t, Session session, RoleOverride before)
    {
        var ended = session.Override == RoleOverride.Off;
        if (t.State.Handover is { } handover && ContradictsOrders(t, handover, session, before))
        {
            Promotion.Cancel(t, handover);
            if (handover is { Planned: false, Reason: Reason.PrimaryRestarted }
                && session.Override == RoleOverride.Secondary
                && t.State.Primary is { Presence: not Presence.Lost } restarted)
            {
                PrimaryRestarted(t, restarted);
            }
        }

        if (ended && session == t.State.Primary && session.Presence == Presence.Lost && t.State.Handover is null)
        {
            Promotion.StartUnplanned(t, Reason.RoleOverrideEnded, t.Now - session.LastHeard);
            return;
        }

        Review(t, ended ? Reason.RoleOverrideEnded : Reason.RoleOverride);
    }

    private static bool ContradictsOrders(Transition t, Handover handover, Session session, RoleOverride before) => session.Override switch
    {
        RoleOverride.Primary => handover.Candidate != session
            && (handover.Reason == Reason.RoleOverride || session == t.State.Primary || session.IsCandidate(t.Now)),
        RoleOverride.Secondary => handover.Candidate == session,
        _ => handover is { Planned: true, Reason: Reason.RoleOverride }
            && ((before == RoleOverride.Primary && handover.Candidate == session)
                || (before == RoleOverride.Secondary && session == t.State.Primary)),
    };

    /// <summary>An order for a session that could not be followed before, because it was not live, beats a handover to another.</summary>
    private static void RetargetToOrder(Transition t)
    {
        if (t.State.Handover is { } handover
            && handover.Candidate.Override != RoleOverride.Primary
            && Election.Ordered(t) is { } ordered
            && ordered != t.State.Primary)
        {
            Promotion.Cancel(t, handover);
        }
    }

    /// <summary>Saves the search in the common case: another session's report can only lift that session over the Primary.</summary>
    private static bool MayHaveChangedOrder(Transition t, Session primary) =>
        t.Beating is not { } beating || beating == primary || beating.FailoverScore > primary.FailoverScore;

    private static void LeavePrimary(Transition t, Session primary)
    {
        if (Election.Best(t, primary) is not { } best)
        {
            t.EmitRole(primary, Role.Secondary, t.State.PrimaryTerm, Reason.RoleOverride);
        }
        else if (primary.Presence == Presence.Lost)
        {
            Promotion.StartUnplanned(t, Reason.RoleOverride, t.Now - primary.LastHeard, best);
        }
        else
        {
            Promotion.StartPlanned(t, best, Reason.RoleOverride);
        }
    }

    private static Reason LossOf(Session primary) =>
        primary.DeadlineBeforeHint is null ? Reason.PrimaryTimedOut : Reason.PrimaryConnectionLost;
}
