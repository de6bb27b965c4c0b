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

        var promotions = await DetectionHistory.ReadAsync(server.Address, Enumerable.Range(0, LatenessPlan.Faults).Select(GroupId));
        var decisions = new Distribution(promotions.Select(p => (p.Detection - LatenessPlan.FailoverTimeout).TotalMilliseconds));
        var takeovers = new Distribution(promotions.Select(p => p.Takeover.TotalMilliseconds));
        var pushes = new Distribution(fleet.Lateness);
        return
        [
            new($"decision past the deadline, p50 of {decisions.Count}", decisions.Median, "ms"),
            new("decision past the deadline, p99", decisions.Percentile(99), "ms", Target.Maximum(DecisionTarget)),
            new("decision past the deadline, maximum", decisions.Maximum, "ms"),
            new("from the decision to its commit, p50", takeovers.Median, "ms"),
            new("from the decision to its commit, p99", takeovers.Percentile(99), "ms"),
            new($"role in the new Primary's hands past the deadline, p50 of {pushes.Count}", pushes.Median, "ms"),
            new("role in the new Primary's hands past the deadline, p99", pushes.Percentile(99), "ms", Target.Maximum(PushTarget)),
            new("role in the new Primary's hands past the deadline, maximum", pushes.Maximum, "ms"),
            new("promotions that did not come", fleet.Pending, "", Target.Maximum(0)),
            new("heartbeats meanwhile", rate, "/s"),
        ];
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
