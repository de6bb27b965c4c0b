using ClientFailover.Benchmarks.Fleets;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;

namespace ClientFailover.Benchmarks.Throughput;

/// <summary>Two echo servers against each other: how far from 1 a ratio comes out when there is nothing to measure.</summary>
internal sealed class Calibration : IBenchmark
{
    private static readonly FleetPlan Plan = new("calibration", Sessions: 2000, Connections: 8, TimeSpan.FromMinutes(10));

    /// <inheritdoc/>
    public string Name => "calibration";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Measurement>> RunAsync(ServiceLauncher service)
    {
        using var first = await EchoLauncher.StartAsync(service.RuntimeSettings);
        using var second = await EchoLauncher.StartAsync(service.RuntimeSettings);
        using var firstLoad = new StreamLoad(first, Plan);
        using var secondLoad = new StreamLoad(second, Plan);
        var results = AlternatingWindows.Run([firstLoad, secondLoad]);
        return
        [
            new("echo, share of another echo", AlternatingWindows.MedianRatio(results[0], results[1], r => r.PerSecond), ""),
            new("the same per processor time of the server", AlternatingWindows.MedianRatio(results[0], results[1], r => r.PerProcessorSecond), ""),
        ];
    }
}
