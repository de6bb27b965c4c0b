using ClientFailover.Benchmarks.Echo;
using ClientFailover.Benchmarks.Fleets;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;

namespace ClientFailover.Benchmarks.Throughput;

/// <summary>
/// REST heartbeats with Basic credentials, as field adapters send them, against an empty endpoint that parses and
/// answers the same JSON: one without authentication, and one with the least that the framework can do.
/// </summary>
internal sealed class RestThroughput : IBenchmark
{
    private const double TargetShare = 0.8;

    private static readonly FleetPlan Plan = new("rest", Sessions: 2000, Connections: 0, TimeSpan.FromMinutes(10));

    /// <inheritdoc/>
    public string Name => "rest";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Measurement>> RunAsync(ServiceLauncher service)
    {
        using var serviceServer = await service.StartAsync(ServiceLauncher.NoMinimumInterval);
        using var echoServer = await EchoLauncher.StartAsync(service.RuntimeSettings);
        using var serviceLoad = new RestLoad(serviceServer, Plan, register: true);
        using var echoLoad = new RestLoad(echoServer, Plan, register: false);
        using var authenticatedLoad = new RestLoad(echoServer, Plan, register: false, EchoHeartbeat.AuthenticatedPrefix);
        var results = AlternatingWindows.Run([serviceLoad, echoLoad, authenticatedLoad]);
        return
        [
            new("REST heartbeats, share of an empty endpoint", AlternatingWindows.MedianRatio(results[0], results[1], r => r.PerSecond), "", Target.Minimum(TargetShare)),
            new("the same per processor time of the server", AlternatingWindows.MedianRatio(results[0], results[1], r => r.PerProcessorSecond), ""),
            new("share of an empty endpoint with authentication", AlternatingWindows.MedianRatio(results[0], results[2], r => r.PerSecond), ""),
            new("the same per processor time of the server", AlternatingWindows.MedianRatio(results[0], results[2], r => r.PerProcessorSecond), ""),
            new("REST heartbeats", new Distribution(results[0].Select(r => r.PerSecond)).Median, "/s"),
            new("empty endpoint", new Distribution(results[1].Select(r => r.PerSecond)).Median, "/s"),
            new("empty endpoint with authentication", new Distribution(results[2].Select(r => r.PerSecond)).Median, "/s"),
        ];
    }
}
