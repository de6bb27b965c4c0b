namespace ClientFailover.Engine.Tests.Properties;

/// <summary>
/// Guarantee 6: the group's LastDataProcessedTime is monotonic within a run, and at most what some Primary reported; a
/// crash may set it back by what moved in the recording interval, never forward.
/// </summary>
internal sealed class LastDataProcessedTimeIsMonotonic : Guarantee
{
    private readonly List<(TimeSpan Time, DateTime Value)> moves = [];
    private DateTime highestReport = DateTime.MinValue;

    internal override void Observe(Step step, ScheduleRun run)
    {
        var (before, after) = (step.Before.LastDataProcessedTime, step.After.LastDataProcessedTime);
        if (step.Command is null)
        {
            Require(after is null || (before is not null && after <= before), "A crash set it forward.", step, run);
            Require(NotSetBackTooFar(after, run), "A crash set it back too far.", step, run);
            moves.Clear();
            return;
        }

        if (!run.Hearings.Exists || step.Command is ApplyChanges { Events: [GroupCreated, ..] })
        {
            moves.Clear();
            highestReport = DateTime.MinValue;
            return;
        }

        Hear(step);
        Require(before is null || after >= before, "It went back.", step, run);
        Require(after is null || after <= highestReport, $"It is later than what any Primary reported, {highestReport:O}.", step, run);
        if (after is { } value && after != before)
        {
            moves.Add((step.Now.Monotonic, value));
        }
    }

    private void Hear(Step step)
    {
        var report = step.Command switch
        {
            PostHeartbeat c when c.SessionId == step.Before.Primary && step.Decision.Refusal is null => c.LastDataProcessedTime,
            AcknowledgeAssignment c when c.SessionId == step.Before.Primary => c.FinalLastDataProcessedTime,
            _ => null,
        };
        if (report is { } value)
        {
            value = value < step.Now.Utc ? value : step.Now.Utc;
            highestReport = value > highestReport ? value : highestReport;
        }
    }

    private bool NotSetBackTooFar(DateTime? restored, ScheduleRun run)
    {
        if (moves.Count == 0)
        {
            return true;
        }

        var certain = moves[^1].Time - run.Driver.Settings.LastDataProcessedTimeInterval;
        return moves.Where(m => m.Time <= certain).All(m => restored >= m.Value);
    }
}
