using System.Diagnostics;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Telemetry;
using NUnit.Framework;

namespace ClientFailover.Conformance.Limits;

/// <summary>What the service counts as refused by its limits.</summary>
internal static class RefusedByLimits
{
    /// <summary>How often a limit was met. An answer may be up to 300 ms old.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="limit">The limit's label.</param>
    public static async Task<double> RefusedAsync(this Caller caller, string limit) =>
        ScrapedText.Value(await caller.Rest.GetStringAsync("/metrics"), "clientfailover_limits_refused_total", $"limit=\"{limit}\"")!.Value;

    /// <summary>Waits until a limit was met so often.</summary>
    /// <param name="caller">Who asks.</param>
    /// <param name="limit">The limit's label.</param>
    /// <param name="atLeast">How often.</param>
    public static async Task UntilRefusedAsync(this Caller caller, string limit, double atLeast)
    {
        var clock = Stopwatch.StartNew();
        while (await caller.RefusedAsync(limit) is var seen && seen < atLeast)
        {
            Assert.That(clock.Elapsed, Is.LessThan(RunningService.Patience), $"The limit {limit} was met {seen} times.");
        }
    }
}
