namespace ClientFailover.Engine.Tests.Properties;

/// <summary>Guarantee 1: at most one session of a group is Primary in the state, always; and the state agrees with itself.</summary>
internal sealed class OnePrimary : Guarantee
{
    internal override void Observe(Step step, ScheduleRun run)
    {
        var primaries = step.After.Roles.Where(r => r.Role == Role.Primary).Select(r => r.Id).ToList();
        var pending = step.After.Roles.Where(r => r.Role == Role.PendingPrimary).Select(r => r.Id).ToList();
        Require(primaries.Count <= 1, "More than one session is Primary.", step, run);
        Require(pending.Count <= 1, "More than one session is PendingPrimary.", step, run);
        Require(primaries.FirstOrDefault() == step.After.Primary, "The Primary on record has another role.", step, run);
        Require(pending.FirstOrDefault() == step.After.Pending, "The PendingPrimary on record has another role.", step, run);
    }
}
