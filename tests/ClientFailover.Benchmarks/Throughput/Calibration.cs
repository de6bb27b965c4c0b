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
        using var firstStream = new StreamLoad(first, Plan);
        using var secondStream = new StreamLoad(second, Plan);
        using var firstRest = new RestLoad(first, Plan, register: false);
        using var secondRest = new RestLoad(second, Plan, register: false);
        return [.. Compare("streams", firstStream, secondStream), .. Compare("REST", firstRest, secondRest)];
    }

    private static IEnumerable<Measurement> Compare(string transport, ILoad first, ILoad second)
    {
        var results = AlternatingWindows.Run([first, second]);
        yield return new($"{transport}: echo, share of another echo", AlternatingWindows.MedianRatio(results[0], results[1], r => r.PerSecond), "");
        yield return new("the same per processor time of the server", AlternatingWindows.MedianRatio(results[0], results[1], r => r.PerProcessorSecond), "");
        yield return new("echo", new Distribution(results[0].Select(r => r.PerSecond)).Median, "/s");
        yield return new("processor time of the echo", new Distribution(results[0].Select(r => 1e6 / r.PerProcessorSecond)).Median, "us each");
    }
}
