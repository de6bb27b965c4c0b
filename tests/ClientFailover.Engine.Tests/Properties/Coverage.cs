using System.Collections.Concurrent;

namespace ClientFailover.Engine.Tests.Properties;

/// <summary>Responsible for counting which situations schedules reach: a generator that reaches nothing proves nothing.</summary>
internal sealed class Coverage : Guarantee
{
    private readonly ConcurrentDictionary<string, int> counts;

    internal Coverage(ConcurrentDictionary<string, int> counts) => this.counts = counts;

    internal override void Observe(Step step, ScheduleRun run)
    {
        foreach (var change in step.Decision.Events ?? [])
        {
            Count(change switch
            {
                RoleChanged e => $"{e.OldRole} -> {e.NewRole}: {e.Reason}",
                SessionLost e => $"lost: {e.Reason}",
                _ => change.GetType().Name,
            });
        }

        CountStreams(step, run);
        Count(step.Decision.Refusal is { } refusal ? $"refused: {refusal.Kind}" : "accepted");
        if (step.Before.Pending is not null && step.Command is null or ServiceWasAbsent)
        {
            Count($"absence during a handover: {step.Command?.GetType().Name ?? "restart"}");
        }
    }

    private void CountStreams(Step step, ScheduleRun run)
    {
        if (step.Decision.DrainOrder is not null)
        {
            Count("drain ordered");
        }

        foreach (var promotion in step.Promotions.Where(p => p.SessionId == step.Before.Pending))
        {
            var former = step.Before.Primary is { } id && run.Hearings.Sessions.GetValueOrDefault(id) is { } primary
                ? (primary.Stream is null ? "REST" : "stream")
                : "nobody";
            var transport = run.Hearings.Sessions[promotion.SessionId].Stream is null ? "REST" : "stream";
            Count($"handover from {former} to {transport} by {step.Command?.GetType().Name}");
        }
    }

    private void Count(string situation) => counts.AddOrUpdate(situation, 1, (_, n) => n + 1);
}
