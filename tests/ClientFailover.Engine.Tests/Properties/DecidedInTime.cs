namespace ClientFailover.Engine.Tests.Properties;

/// <summary>
/// Guarantee 4: when the Primary's deadline has passed and somebody can take over, the decision has fallen, as late at most
/// as the Tick was; a live REST candidate becomes Primary with its next heartbeat.
/// </summary>
internal sealed class DecidedInTime : Guarantee
{
    internal override void Observe(Step step, ScheduleRun run)
    {
        if (run.AbsentSince is not null || !run.Hearings.Exists || run.Hearings.Sessions.Values.Any(s => s.Override == RoleOverride.Primary))
        {
            return;
        }

        if (step.After.Primary is { } primary)
        {
            RequireSuccessor(primary, step, run);
        }

        if (step.Command is PostHeartbeat { SessionId: var id } && step.Decision.Refusal is null)
        {
            RequireAnswer(id, step, run);
        }
    }

    private static void RequireSuccessor(string primary, Step step, ScheduleRun run)
    {
        if (!run.Hearings.Sessions.TryGetValue(primary, out var lost)
            || step.Now.Monotonic <= lost.Latest + run.Driver.TickLateness
            || !run.Hearings.Sessions.Keys.Any(id => id != primary && run.Hearings.IsCertainCandidate(id, step.Now)))
        {
            return;
        }

        Require(step.After.Pending is not null, $"{primary} was lost at {lost.Latest}, and nothing was decided.", step, run);
        Require(step.Now.Monotonic <= run.Hearings.Sessions[step.After.Pending!].Latest + run.Driver.TickLateness, "The PendingPrimary is not live.", step, run);
        Require(
            run.Hearings.Sessions[step.After.Pending!].Stream is null || !run.Hearings.IsCertainCandidate(step.After.Pending!, step.Now),
            "A candidate on a stream waits although the Primary is lost.",
            step,
            run);
    }

    private static void RequireAnswer(string id, Step step, ScheduleRun run)
    {
        var lost = step.Before.Primary is not { } primary
            || !run.Hearings.Sessions.TryGetValue(primary, out var former)
            || step.Now.Monotonic > former.Latest + run.Driver.TickLateness;
        if (lost && step.Before.Pending == id && run.Hearings.IsCertainCandidate(id, step.Now))
        {
            Require(step.After.Primary == id, "The candidate of an unplanned promotion beat and is not Primary.", step, run);
        }

        if (step.Before.Primary is null && run.Hearings.IsCertainCandidate(id, step.Now))
        {
            Require(step.After.Primary is not null || step.After.Pending is not null, "A candidate beat and the group has no Primary.", step, run);
        }
    }
}
