using System.Diagnostics;
using ClientFailover.Benchmarks.Fleets;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;

namespace ClientFailover.Benchmarks.Lateness;

/// <summary>How long after a silent Primary's deadline the service decides, and how long until the next one knows.</summary>
internal sealed class DetectionLateness : IBenchmark
{
    private const double DecisionTarget = 5;
    private const double PushTarget = 15;

    /// <inheritdoc/>
    public string Name => "lateness";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Measurement>> RunAsync(ServiceLauncher service)
    {
        using var server = await service.StartAsync();
        using var streams = new StreamFleet(server.Address, LatenessPlan.Fleet);
        streams.Open();
        var fleet = new PacedFleet(streams);
        PumpFor(fleet, LatenessPlan.WarmUp);
        if (!fleet.IsSettled)
        {
            throw new InvalidOperationException("Not every group has a Primary: the service does not keep up.");
        }

        var began = DateTime.UtcNow;
        var (sent, start) = (fleet.Sent, Stopwatch.GetTimestamp());
        for (var group = 0; group < LatenessPlan.Faults; group++)
        {
            fleet.Silence(group);
            PumpUntil(fleet, start, (group + 1) * LatenessPlan.FaultInterval);
        }

        var rate = (fleet.Sent - sent) / Stopwatch.GetElapsedTime(start).TotalSeconds;
        var patience = LatenessPlan.FailoverTimeout + LatenessPlan.Patience;
        for (var silenced = Stopwatch.GetTimestamp(); fleet.Pending > 0 && Stopwatch.GetElapsedTime(silenced) < patience;)
        {
            fleet.Pump();
        }

        using var history = new DetectionHistory(server.Address, began, DateTime.UtcNow);
        return await ReportAsync(history, fleet, rate);
    }

    private static async Task<IReadOnlyList<Measurement>> ReportAsync(DetectionHistory history, PacedFleet fleet, double rate)
    {
        var decisions = new List<double>();
        var ways = new List<double>();
        var unasked = 0;
        for (var group = 0; group < LatenessPlan.Faults; group++)
        {
            var detections = await history.ReadAsync(GroupId(group));
            unasked += detections.Count - 1;
            if (detections.Count == 1 && fleet.Lateness.TryGetValue(group, out var pushed))
            {
                var decided = detections[0] - LatenessPlan.FailoverTimeout;
                decisions.Add(decided.TotalMilliseconds);
                ways.Add((pushed - decided).TotalMilliseconds);
            }
        }

        return
        [
            .. Report("decision past the deadline", decisions, Target.Maximum(DecisionTarget)),
            .. Report("from the decision to the new Primary's hands, commit included", ways, null),
            .. Report("role in the new Primary's hands past the deadline", fleet.Lateness.Values.Select(l => l.TotalMilliseconds), Target.Maximum(PushTarget)),
            new("faults whose promotion did not come", fleet.Pending, "", Target.Maximum(0)),
            new("promotions without a fault", unasked, "", Target.Maximum(0)),
            new("heartbeats meanwhile", rate, "/s"),
        ];
    }

    private static IEnumerable<Measurement> Report(string what, IEnumerable<double> samples, Target? target)
    {
        var distribution = new Distribution(samples);
        yield return new($"{what}, p50 of {distribution.Count}", distribution.Median, "ms");
        yield return new($"{what}, p99", distribution.Percentile(99), "ms", target);
        yield return new($"{what}, maximum", distribution.Maximum, "ms");
    }

    private static string GroupId(int group) => LatenessPlan.Fleet.GroupId(group * FleetPlan.SessionsPerGroup);

    private static void PumpFor(PacedFleet fleet, TimeSpan time) => PumpUntil(fleet, Stopwatch.GetTimestamp(), time);

    private static void PumpUntil(PacedFleet fleet, long start, TimeSpan time)
    {
        while (Stopwatch.GetElapsedTime(start) < time)
        {
            fleet.Pump();
        }
    }
}
