using ClientFailover.Benchmarks.Processes;

namespace ClientFailover.Benchmarks.Memory;

/// <summary>Responsible for telling how much memory a process holds when it has come to rest.</summary>
internal static class SettledMemory
{
    private const int Collections = 8;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>Collects garbage until it makes no difference, and reads the working set: the least that was seen.</summary>
    /// <param name="process">The process.</param>
    /// <returns>Bytes.</returns>
    public static async Task<long> ReadAsync(ChildProcess process)
    {
        var least = long.MaxValue;
        for (var i = 0; i < Collections; i++)
        {
            await GarbageCollection.InduceAsync(process);

            // The collector gives memory back to the system bit by bit.
            await Task.Delay(Pause);
            least = Math.Min(least, process.WorkingSet);
        }

        return least;
    }
}
