namespace ClientFailover.Engine.Tests.Properties;

/// <summary>Guarantee 5: restart and pause of the service alone change no role.</summary>
internal sealed class AbsenceChangesNoRole : Guarantee
{
    internal override void Observe(Step step, ScheduleRun run)
    {
        if (step.Command is null or ServiceWasAbsent)
        {
            Require(step.Before.SameRolesAs(step.After), "A role changed.", step, run);
            Require(!step.RoleChanges.Any(), "A change of a role was told.", step, run);
        }

        // Only a Tick may take a silence for a loss. A Primary that an earlier Tick declared lost is none of this.
        if (run.AbsentSince is { } since && step.Before.Primary is { } primary && run.Hearings.Sessions[primary].Earliest > since)
        {
            var ranOut = step.RoleChanges.Any(e => e.OldRole == Role.Secondary && e.Reason is Reason.PrimaryTimedOut or Reason.PrimaryConnectionLost);
            Require(!ranOut || step.Before.Pending is not null, "Time ran out without a Tick.", step, run);
        }
    }
}
