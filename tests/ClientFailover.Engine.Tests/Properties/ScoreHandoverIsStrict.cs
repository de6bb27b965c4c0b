namespace ClientFailover.Engine.Tests.Properties;

/// <summary>
/// Guarantee 7: no handover by score without a strictly greater score; none is called a loss while the Primary is live, and
/// a running one is not retargeted by scores.
/// </summary>
internal sealed class ScoreHandoverIsStrict : Guarantee
{
    internal override void Observe(Step step, ScheduleRun run)
    {
        if (step.Before.Primary is not { } primary || !run.Hearings.Sessions.TryGetValue(primary, out var incumbent))
        {
            return;
        }

        RequireSameCandidate(step, run);
        foreach (var change in step.RoleChanges)
        {
            if (IsDecision(change, step.Before))
            {
                RequireTruth(change, primary, incumbent, step, run);
            }

            // A second decision in the same step is made against the Primary that the first one promoted.
            if (change.NewRole == Role.Primary && run.Hearings.Sessions.TryGetValue(change.SessionId, out var promoted))
            {
                (primary, incumbent) = (change.SessionId, promoted);
            }
        }
    }

    private static void RequireTruth(RoleChanged change, string primary, Hearing incumbent, Step step, ScheduleRun run)
    {
        if (change.Reason == Reason.HigherFailoverScore)
        {
            var score = run.Hearings.Sessions[change.SessionId].Score;
            Require(score > incumbent.Score, $"Handover from {incumbent.Score:R} to {score:R}.", step, run);
        }
        else if (step.Before.Pending is null && change.Reason is Reason.PrimaryTimedOut or Reason.PrimaryConnectionLost)
        {
            Require(!incumbent.Heard || step.Now.Monotonic >= incumbent.Earliest, $"{primary} was live and called lost.", step, run);
        }
    }

    /// <summary>A running handover is retargeted only by an order or a loss; of equal candidates whoever beats first is promoted.</summary>
    private static void RequireSameCandidate(Step step, ScheduleRun run)
    {
        if (step.Before.Pending is not { } candidate
            || step.After.Pending == candidate
            || step.After.Primary == candidate
            || step.Command is ApplyChanges
            || !run.Hearings.Sessions.TryGetValue(candidate, out var hearing)
            || step.Now.Monotonic >= hearing.Earliest)
        {
            return;
        }

        var isOrder = step.Decision.Events.Any(e => e is RoleOverrideChanged)
            || ((step.After.Pending ?? step.After.Primary) is { } ordered && run.Hearings.Sessions[ordered].Override == RoleOverride.Primary);
        var isRestart = (step.Command as RegisterAgain)?.SessionId == candidate || (step.Command as StreamHello)?.SessionId == candidate;
        var isEqual = step.Command is PostHeartbeat { SessionId: var id } && step.After.Primary == id && run.Hearings.Sessions[id].Score >= hearing.Score;
        var isGivenUp = IsGivenUp(step, candidate, run);
        Require(isOrder || isRestart || isEqual || isGivenUp, $"The handover to {candidate} was retargeted.", step, run);
    }

    /// <summary>The candidate itself gives a sign of life and is no better than the Primary any more: the handover is given up, for nobody else.</summary>
    private static bool IsGivenUp(Step step, string candidate, ScheduleRun run)
    {
        var speaker = (step.Command as PostHeartbeat)?.SessionId ?? (step.Command as AcknowledgeAssignment)?.SessionId;
        return speaker == candidate
            && step.After.Pending is null
            && step.Before.Primary is { } primary
            && step.After.Primary == primary
            && run.Hearings.Sessions[candidate].Score <= run.Hearings.Sessions[primary].Score;
    }

    private static bool IsDecision(RoleChanged change, Snapshot before) =>
        change.OldRole == Role.Secondary
        && (change.NewRole == Role.PendingPrimary || (change.NewRole == Role.Primary && before.Pending != change.SessionId));
}
