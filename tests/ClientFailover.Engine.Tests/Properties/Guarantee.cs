namespace ClientFailover.Engine.Tests.Properties;

/// <summary>Responsible for watching one run for one guarantee; fails by an assertion.</summary>
internal abstract class Guarantee
{
    /// <summary>Called after every step.</summary>
    /// <param name="step">The step.</param>
    /// <param name="run">The run, in the state after it.</param>
    internal abstract void Observe(Step step, ScheduleRun run);

    /// <summary>Called after the last step.</summary>
    /// <param name="run">The run.</param>
    internal virtual void End(ScheduleRun run)
    {
    }

    protected static void Require(bool holds, string claim, Step step, ScheduleRun run)
    {
        if (!holds)
        {
            throw new GuaranteeBrokenException(
                $"{claim}\nStep {run.Commands}: {step.Command?.ToString() ?? "restart"}\nat {step.Now}\nbefore {step.Before}\nafter {step.After}\n"
                + $"events {string.Join("\n       ", step.Decision.Events ?? [])}\n{run.Driver.Settings}\n{string.Join('\n', run.Hearings.Sessions)}\nlast commands\n{run.Tail()}");
        }
    }
}

/// <summary>A guarantee was broken.</summary>
/// <param name="message">Which, and how.</param>
internal sealed class GuaranteeBrokenException(string message) : Exception(message);
