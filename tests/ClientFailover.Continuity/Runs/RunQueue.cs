using ClientFailover.Continuity.Reports;

namespace ClientFailover.Continuity.Runs;

/// <summary>Responsible for many runs at once: groups do not know of each other.</summary>
internal static class RunQueue
{
    /// <summary>Runs all.</summary>
    /// <param name="plans">What to run.</param>
    /// <param name="parallel">How many at once.</param>
    /// <param name="output">Where to write; null: nowhere.</param>
    /// <param name="keepsOutput">Whether what processes wrote is always kept.</param>
    /// <returns>The results, in the order of the plans.</returns>
    public static async Task<IReadOnlyList<RunResult>> RunAsync(IReadOnlyList<RunPlan> plans, int parallel, Output? output, bool keepsOutput)
    {
        await using var site = await Site.CreateAsync();
        var results = new RunResult?[plans.Count];
        using var gate = new SemaphoreSlim(parallel);
        var done = 0;
        await Task.WhenAll(plans.Select(async (plan, index) =>
        {
            await gate.WaitAsync();
            try
            {
                var result = await PairRun.RunAsync(plan, site);
                output?.Write(result, keepsOutput);
                results[index] = result;
                Console.WriteLine($"{Interlocked.Increment(ref done)}/{plans.Count} {Table.ToLine(result)}");
                if (output is not null)
                {
                    lock (results)
                    {
                        output.Write([.. results.OfType<RunResult>()]);
                    }
                }
            }
            finally
            {
                gate.Release();
            }
        }));
        return results!;
    }
}
