namespace ClientFailover.Engine;

/// <summary>
/// Rules of promotion: how the role goes from one session to another. The old Primary stays Primary until a
/// successor is assigned.
/// </summary>
internal static class Promotion
{
    /// <summary>
    /// Nobody live is Primary: the best candidate is promoted, at once if it can be told at once. Without a
    /// candidate the Primary on record, if there is one, stays on record.
    /// </summary>
    public static void StartUnplanned(Transition t, Reason reason, TimeSpan? detection = null, Session? candidate = null)
    {
        var best = candidate ?? Election.Best(t, t.State.Primary);
        if (best is null)
        {
            return;
        }

        if (!best.OnStream && MayTakeOver(t, best, reason))
        {
            best = t.Beating!;
        }

        var handover = new Handover(best, planned: false, reason, t.Now) { Detection = detection };
        if (best.OnStream || best == t.Beating)
        {
            Promote(t, best, handover);
            return;
        }

        t.EmitRole(best, Role.PendingPrimary, t.State.PrimaryTerm, reason, detection);
        t.State.Handover = handover;
    }

    /// <summary>A live Primary hands over to a candidate.</summary>
    public static void StartPlanned(Transition t, Session candidate, Reason reason, bool skipsHold = false)
    {
        var handover = new Handover(candidate, planned: true, reason, t.Now) { SkipsHold = skipsHold };
        t.EmitRole(candidate, Role.PendingPrimary, t.State.PrimaryTerm, reason);
        t.State.Handover = handover;
        Advance(t);
    }

    /// <summary>The Primary was lost while it was handing over: from now on nobody is waited for but the candidate.</summary>
    public static void BecomeUnplanned(Transition t, Reason reason, TimeSpan? detection)
    {
        var handover = t.State.Handover!;
        if (handover.Planned)
        {
            handover.Planned = false;
            (handover.Reason, handover.Started, handover.Detection) = (reason, t.Now, detection);
            t.EmitRole(handover.Candidate, Role.PendingPrimary, handover.DrainTerm ?? t.State.PrimaryTerm, reason, detection);
        }

        Advance(t);
    }

    /// <summary>Takes the running handover as far as it can go now.</summary>
    public static void Advance(Transition t)
    {
        if (t.State.Handover is not { } handover)
        {
            return;
        }

        var candidate = handover.Candidate;
        if (!handover.Planned && t.Beating != candidate && MayTakeOver(t, candidate, handover.Reason))
        {
            Promote(t, t.Beating!, handover);
            return;
        }

        if (!candidate.IsCandidate(t.Now) || Drain.MustWaitFor(t.State.Primary, handover))
        {
            return;
        }

        if (HasLostItsCause(t, handover))
        {
            Cancel(t, handover);
            return;
        }

        var reached = candidate.OnStream || candidate == t.Beating;
        if (!handover.Planned || t.State.Primary is not { } primary)
        {
            if (reached)
            {
                Promote(t, candidate, handover);
            }
        }
        else if (candidate.OnStream)
        {
            AdvanceToStream(t, handover, primary, reached: candidate == t.Beating);
        }
        else if (reached && handover.Told)
        {
            Promote(t, candidate, handover);
        }
        else if (reached)
        {
            handover.Told = true;
        }
    }

    /// <summary>
    /// The running handover comes to nothing, and the old Primary goes on. If it was told to drain, it is told with a
    /// new term that it need not.
    /// </summary>
    /// <param name="t">The transition.</param>
    /// <param name="handover">The handover; its candidate may be gone from the group already.</param>
    public static void Cancel(Transition t, Handover handover)
    {
        t.DrainOrder = null;
        if (t.State.Handover == handover)
        {
            t.EmitRole(handover.Candidate, Role.Secondary, t.State.PrimaryTerm, Reason.HandoverCancelled);
        }

        t.State.OwesResumption |= handover.DrainTerm is not null && t.State.Primary is not null;
        Resume(t);
    }

    /// <summary>Tells a Primary that was told to drain for nothing to go on; one that is lost is told when it returns.</summary>
    public static void Resume(Transition t)
    {
        if (t.State is { OwesResumption: true, Primary: { Presence: not Presence.Lost } primary })
        {
            t.EmitRole(primary, Role.Primary, t.State.Term + 1, Reason.HandoverCancelled);
        }
    }

    /// <summary>After an absence of the service: the candidate must be heard from again, and waiting starts anew.</summary>
    public static void StartAnew(GroupState state, Now now)
    {
        state.Hold.StartAnew(now.Monotonic, HoldRule.Length(state));
        state.Arm(state.Hold.Ends);
        if (state.Handover is { } handover)
        {
            handover.Told = false;
            Drain.StartAnew(state, handover, now.Monotonic);
        }
    }

    /// <summary>
    /// Nobody live is Primary, and of those that are no worse than the candidate, whoever is heard from first takes
    /// over: waiting for the candidate would only cost time. This ends the handover; it never turns it to somebody who
    /// would have to be waited for.
    /// </summary>
    private static bool MayTakeOver(Transition t, Session candidate, Reason reason) =>
        t.Beating is { } beating
        && beating != t.State.Primary
        && (beating.FailoverScore > 0 || reason != Reason.PrimaryRestarted)
        && beating.IsCandidate(t.Now)
        && candidate.Override != RoleOverride.Primary
        && candidate.ScoreIsFresh
        && (beating.FailoverScore > candidate.FailoverScore
            || (beating.FailoverScore == candidate.FailoverScore && (beating.IsUnbroken(t.State) || !candidate.IsUnbroken(t.State))));

    /// <summary>
    /// A live Primary gives its role up for a candidate only when that has given a sign of life since: a stream that
    /// is open may belong to a program that hangs.
    /// </summary>
    private static void AdvanceToStream(Transition t, Handover handover, Session primary, bool reached)
    {
        if (handover.Drained || (reached && !primary.OnStream))
        {
            Promote(t, handover.Candidate, handover);
        }
        else if (reached && handover.DrainTerm is null)
        {
            handover.DrainTerm = t.State.Term + 1;
            t.EmitRole(handover.Candidate, Role.PendingPrimary, handover.DrainTerm.Value, handover.Reason);
            Drain.Start(t, handover, primary);
        }
    }

    /// <summary>A candidate by score reports that it is no better than the Primary any more, before anybody was told to hand over.</summary>
    private static bool HasLostItsCause(Transition t, Handover handover) =>
        handover is { Planned: true, Reason: Reason.HigherFailoverScore, DrainTerm: null }
        && handover.Candidate == t.Beating
        && handover.Candidate.FailoverScore <= t.State.Primary?.FailoverScore;

    private static void Promote(Transition t, Session session, Handover handover)
    {
        var state = t.State;
        var old = state.Primary;
        t.DrainOrder = null;
        var term = handover.Candidate == session && handover.DrainTerm is { } reserved ? reserved : state.Term + 1;
        if (handover.Planned && handover.Reason == Reason.HigherFailoverScore)
        {
            state.Hold.HandedOverByScore();
        }

        if (state.Handover is { } running && running.Candidate != session)
        {
            t.EmitRole(running.Candidate, Role.Secondary, state.PrimaryTerm, handover.Reason);
        }

        var exact = handover.IsTimeExact && old is { SourceTimestamps: true } && session.SourceTimestamps;
        t.EmitRole(session, Role.Primary, term, handover.Reason, handover.Detection, t.Now - handover.Started, exact);
        if (old is not null && old != session)
        {
            t.Emit(new RoleChanged(
                t.Utc, old.Id, Role.Primary, Role.Secondary, term, handover.Reason, state.LastDataProcessedTime, Score: old.ReportedScore));
        }

        state.Hold.Promoted(t.Now, HoldRule.Length(state), handover.SkipsHold);
        state.Arm(state.Hold.Ends);
    }
}
