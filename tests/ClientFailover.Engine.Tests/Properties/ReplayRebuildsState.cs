namespace ClientFailover.Engine.Tests.Properties;

/// <summary>
/// Guarantee 9: replaying the recorded events rebuilds the durable state: configuration, sessions, roles, terms, overrides,
/// persisted LastDataProcessedTime.
/// </summary>
internal sealed class ReplayRebuildsState : Guarantee
{
    internal override void Observe(Step step, ScheduleRun run)
    {
        var (replayed, state) = (run.Driver.Recorded, run.Driver.State.ToDurable());
        Require(Same(replayed, state), $"Replayed {Show(replayed)}\nstate {Show(state)}", step, run);
        Require(
            replayed.LastDataProcessedTime is null || replayed.LastDataProcessedTime <= step.After.LastDataProcessedTime,
            "The replayed LastDataProcessedTime is ahead of the state's.",
            step,
            run);
        foreach (var change in step.RoleChanges.Where(e => e.NewRole == Role.Primary))
        {
            Require(replayed.LastDataProcessedTime == step.After.LastDataProcessedTime, $"{change} persists another LastDataProcessedTime.", step, run);
        }
    }

    internal override void End(ScheduleRun run)
    {
        if (run.Driver.Recorded.Configuration is not null)
        {
            var restored = GroupState.Restore(run.Driver.Recorded, run.Driver.Settings, run.Driver.Now).ToDurable();
            if (!Same(restored, run.Driver.Recorded) || restored.LastDataProcessedTime != run.Driver.Recorded.LastDataProcessedTime)
            {
                throw new GuaranteeBrokenException($"Restored {Show(restored)}\nfrom {Show(run.Driver.Recorded)}");
            }
        }
    }

    private static bool Same(DurableGroup left, DurableGroup right) =>
        left.Configuration == right.Configuration
        && left.Primary == right.Primary
        && left.PendingPrimary == right.PendingPrimary
        && (left.PendingPrimary is null || left.PendingReason == right.PendingReason)
        && left.Term == right.Term
        && left.PrimaryTerm == right.PrimaryTerm
        && left.Sessions.Count == right.Sessions.Count
        && left.Sessions.All(s => right.Sessions.TryGetValue(s.Key, out var other) && other == s.Value);

    private static string Show(DurableGroup group) => $"{group} {string.Join(", ", group.Sessions.Values)}";
}
