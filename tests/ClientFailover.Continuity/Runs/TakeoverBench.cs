namespace ClientFailover.Continuity.Runs;

internal static class TakeoverBench
{
    public static Task<int> RunAsync(BenchOptions options) => Task.FromResult(options.Count);
}
