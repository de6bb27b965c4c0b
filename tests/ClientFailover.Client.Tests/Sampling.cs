using System.Globalization;
using CsCheck;

namespace ClientFailover.Client.Tests;

/// <summary>
/// Runs of random schedules: the same ones each time, so that a change is judged by what it changes; others in a longer run
/// (CLIENTFAILOVER_CONTINUITY_RUNS), or the one that CsCheck_Seed says.
/// </summary>
internal static class Sampling
{
    private const int DefaultRuns = 60;

    public static int Runs => int.TryParse(Environment.GetEnvironmentVariable("CLIENTFAILOVER_CONTINUITY_RUNS"), CultureInfo.InvariantCulture, out var runs) ? runs : DefaultRuns;

    public static void Sample<T>(Gen<T> schedules, Action<T> run, int threads)
    {
        if (Runs != DefaultRuns || Environment.GetEnvironmentVariable("CsCheck_Seed") is { Length: > 0 })
        {
            schedules.Sample(run, iter: Runs, threads: threads);
            return;
        }

        var random = new PCG(1, 1);
        for (var i = 0; i < Runs; i++)
        {
            run(schedules.Generate(random, null, out _));
        }
    }
}
