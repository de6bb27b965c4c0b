using System.Diagnostics;
using ClientFailover.Benchmarks.Reports;

namespace ClientFailover.Benchmarks.Throughput;

/// <summary>
/// Compares servers that are all up: each in turn has the machine for a short window, again and again. Machines drift,
/// so only windows of one round are compared with each other, and the median over the rounds counts.
/// </summary>
internal static class AlternatingWindows
{
    private const int Rounds = 24;

    /// <summary>Until the runtime has compiled for good what it has compiled in haste.</summary>
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan RunIn = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Window = TimeSpan.FromSeconds(0.75);

    /// <summary>Runs the windows.</summary>
    /// <param name="loads">What to compare.</param>
    /// <returns>For each load, what its windows came to, in the order of the rounds.</returns>
    public static IReadOnlyList<WindowResult>[] Run(IReadOnlyList<ILoad> loads)
    {
        var results = loads.Select(_ => new List<WindowResult>()).ToArray();
        foreach (var load in loads)
        {
            RunWindow(load, WarmUp);
        }

        for (var round = 0; round < Rounds; round++)
        {
            // The order turns, so that no server always follows the same one.
            for (var i = 0; i < loads.Count; i++)
            {
                var index = (round + i) % loads.Count;
                results[index].Add(RunWindow(loads[index], Window));
            }
        }

        return results;
    }

    /// <summary>The median over the rounds of the ratio of two loads.</summary>
    /// <param name="of">The load that is judged.</param>
    /// <param name="to">The load it is compared with.</param>
    /// <param name="figure">What is compared.</param>
    /// <returns>The ratio.</returns>
    public static double MedianRatio(IReadOnlyList<WindowResult> of, IReadOnlyList<WindowResult> to, Func<WindowResult, double> figure) =>
        new Distribution(of.Zip(to, (a, b) => figure(a) / figure(b))).Median;

    private static WindowResult RunWindow(ILoad load, TimeSpan length)
    {
        load.Start();
        PumpFor(load, RunIn);
        var (answers, processor, start) = (load.Answers, load.Server.ProcessorTime, Stopwatch.GetTimestamp());
        PumpFor(load, length);
        var result = new WindowResult(load.Answers - answers, Stopwatch.GetElapsedTime(start), load.Server.ProcessorTime - processor);
        load.Stop();
        return result;
    }

    private static void PumpFor(ILoad load, TimeSpan time)
    {
        for (var start = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(start) < time;)
        {
            load.Pump();
        }
    }
}

/// <summary>What a window came to.</summary>
/// <param name="Answers">Requests that were answered.</param>
/// <param name="Time">How long it was.</param>
/// <param name="Processor">Processor time that the server used.</param>
internal sealed record WindowResult(long Answers, TimeSpan Time, TimeSpan Processor)
{
    /// <summary>Answers a second.</summary>
    public double PerSecond => Answers / Time.TotalSeconds;

    /// <summary>Answers a second of the server's processor time.</summary>
    public double PerProcessorSecond => Answers / Processor.TotalSeconds;
}
