namespace ClientFailover.Engine.Tests.Properties;

/// <summary>After the first Primary was found, no role changes any more.</summary>
internal sealed class NoRoleChanges : Guarantee
{
    internal override void Observe(Step step, ScheduleRun run)
    {
        if (step.Before.Primary is not null)
        {
            Require(step.Before.SameRolesAs(step.After), "A role changed.", step, run);
        }
    }
}
