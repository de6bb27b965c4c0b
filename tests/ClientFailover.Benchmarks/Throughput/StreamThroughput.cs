using ClientFailover.Benchmarks.Fleets;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;

namespace ClientFailover.Benchmarks.Throughput;

/// <summary>Heartbeats on streams against an empty echo of the same messages.</summary>
internal sealed class StreamThroughput : IBenchmark
{
    private const double TargetShare = 0.9;

    private static readonly FleetPlan Plan = new("throughput", Sessions: 2000, Connections: 8, TimeSpan.FromMinutes(10));

    /// <inheritdoc/>
    public string Name => "stream";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Measurement>> RunAsync(ServiceLauncher service)
    {
        using var serviceServer = await service.StartAsync(ServiceLauncher.NoMinimumInterval);
        using var echoServer = await EchoLauncher.StartAsync(service.RuntimeSettings);
        using var serviceLoad = new StreamLoad(serviceServer, Plan);
        using var echoLoad = new StreamLoad(echoServer, Plan);
        var results = AlternatingWindows.Run([serviceLoad, echoLoad]);
        return
        [
            new("heartbeats on streams, share of an empty echo", AlternatingWindows.MedianRatio(results[0], results[1], r => r.PerSecond), "", Target.Minimum(TargetShare)),
            new("the same per processor time of the server", AlternatingWindows.MedianRatio(results[0], results[1], r => r.PerProcessorSecond), ""),
            new("heartbeats", new Distribution(results[0].Select(r => r.PerSecond)).Median, "/s"),
            new("echo", new Distribution(results[1].Select(r => r.PerSecond)).Median, "/s"),
        ];
    }
}
