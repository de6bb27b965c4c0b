using System.Globalization;
using ClientFailover.Client;
using ClientFailover.Continuity.Adapters;
using ClientFailover.Continuity.Faults;
using ClientFailover.Continuity.Processes;

namespace ClientFailover.Continuity.Runs;

/// <summary>
/// Responsible for the time from the death of a Primary on a stream to the first value that the other sends: the same pair is
/// killed and started again, in turn.
/// </summary>
internal sealed class TakeoverBench(int count)
{
    private const double Target = Terms.Grace + 0.1;

    // Long, so that nothing but the broken connection tells of the death.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>Measures.</summary>
    /// <returns>The exit code.</returns>
    public static async Task<int> RunAsync(BenchOptions options)
    {
        var times = await new TakeoverBench(options.Count).MeasureAsync();
        Directory.CreateDirectory(options.Output);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"takeover after kill -9, {times.Count} times: p50 {At(times, 0.5):0} ms, p90 {At(times, 0.9):0} ms, p99 {At(times, 0.99):0} ms, largest {times[^1]:0} ms; at most {Target * 1000:0} ms");
        Console.WriteLine(text);
        await File.WriteAllTextAsync(Path.Combine(options.Output, "takeover.txt"), $"{text}\n{string.Join('\n', times)}\n");
        return At(times, 0.99) <= Target * 1000 ? 0 : 1;
    }

    private static double At(List<double> sorted, double share) => sorted[(int)Math.Ceiling(share * sorted.Count) - 1];

    private static async Task<double> MeasureAsync(Arrivals arrivals, AdapterHost dies, AdapterHost other, long firstTick)
    {
        var death = DateTimeOffset.UtcNow;
        await dies.KillAsync();
        for (var until = death + Patience; DateTimeOffset.UtcNow < until; await Task.Delay(200))
        {
            if (arrivals.Between(firstTick, long.MaxValue / TimeSpan.TicksPerHour).Where(a => a.Sender == other.Name && a.Time > death)
                .Select(a => (DateTimeOffset?)a.Time).FirstOrDefault() is { } first)
            {
                return (first - death).TotalMilliseconds;
            }
        }

        throw new TimeoutException($"{other.Name} did not take over.");
    }

    private async Task<List<double>> MeasureAsync()
    {
        await using var site = await Site.CreateAsync();
        var plan = new RunPlan(Catalogue.Named("kill"), FailoverMode.Hot, [AdapterKind.Stream, AdapterKind.Stream], Timeout)
        {
            EgressInterval = TimeSpan.Zero,
        };
        await using var pair = new Pair(plan, site, site.Service, site.Destination, "takeover");
        var (primary, other) = (pair.Adapters[0], pair.Adapters[1]);
        primary.Start();
        await pair.Scene.PrimaryAsync(primary);
        other.Start();
        var times = new List<double>();
        for (var i = 0; i < count; i++)
        {
            await pair.Scene.HeardAsync(other);

            // Until what starts has started, and nothing disturbs.
            await Task.Delay(TimeSpan.FromSeconds(3));
            times.Add(await MeasureAsync(new Arrivals(site.Destination.Database, pair.Group, site.Source), primary, other, site.Source.Tick - 100));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{i + 1}/{count} {times[^1]:0} ms"));
            primary.Start();
            (primary, other) = (other, primary);
        }

        times.Sort();
        return times;
    }
}
