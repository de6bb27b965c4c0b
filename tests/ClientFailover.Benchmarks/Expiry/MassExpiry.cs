using System.Diagnostics;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;

namespace ClientFailover.Benchmarks.Expiry;

/// <summary>
/// 100,000 sessions of 50,000 groups fall silent together. In this process, with the service's own owners, deadlines
/// and database: over a network no load generator could make so many deadlines fall into a fraction of a second.
/// In each group the Primary is lost, and so is the one that takes over from it.
/// </summary>
internal sealed class MassExpiry : IBenchmark
{
    private const int Sessions = 100_000;
    private const int SessionsPerGroup = 2;
    private const double DecisionTarget = 1000;
    private const double MiB = 1024 * 1024;

    private static readonly TimeSpan FailoverTimeout = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Poll = TimeSpan.FromMilliseconds(10);
    private static readonly EngineSettings Settings = new() { HeartbeatTolerance = TimeSpan.Zero, MinimumHeartbeatInterval = 0 };

    /// <inheritdoc/>
    public string Name => "expiry";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Measurement>> RunAsync(ServiceLauncher service)
    {
        await using var groups = new GroupsInProcess(Settings);
        await groups.StartAsync();
        var owners = Enumerable.Range(0, Sessions / SessionsPerGroup)
            .Select(group => groups.Directory.FindOrAdd(new GroupKey("default", "default", $"expiry-{group}")))
            .ToArray();
        await Task.WhenAll(owners.Select(RegisterAsync));
        await Task.WhenAll(BeatAll(owners));
        await WaitUntilAsync(() => groups.Store.IsAllStored, null);
        GC.Collect();
        var idle = Environment.WorkingSet;

        var first = Stopwatch.GetTimestamp();
        _ = BeatAll(owners);
        var spread = Stopwatch.GetElapsedTime(first);
        var firstDeadline = first + (long)(FailoverTimeout.TotalSeconds * Stopwatch.Frequency);
        var memory = new PeakMemory();
        await WaitUntilAsync(() => groups.Store.Losses >= Sessions, memory);
        await WaitUntilAsync(() => groups.Store.IsAllStored, memory);
        var stored = Stopwatch.GetElapsedTime(firstDeadline);
        var decided = Stopwatch.GetElapsedTime(firstDeadline, groups.Store.LastLoss);
        return
        [
            new($"{Sessions:N0} sessions lost together: first deadline to last decision", decided.TotalMilliseconds, "ms", Target.Maximum(DecisionTarget)),
            new("of which the deadlines are apart", spread.TotalMilliseconds, "ms"),
            new("first deadline to first decision", Stopwatch.GetElapsedTime(firstDeadline, groups.Store.FirstLoss).TotalMilliseconds, "ms"),
            new("first deadline to last decision on the disk", stored.TotalMilliseconds, "ms"),
            new("memory for it at the most", (memory.Bytes - idle) / MiB, "MiB"),
        ];
    }

    private static async Task RegisterAsync(IGroupOwner owner)
    {
        await owner.ChangeAsync(
            new CreateGroup(new RequestedGroup(owner.Key.Group, null, null, FailoverTimeout, null), FailoverTimeout),
            CancellationToken.None);
        for (var session = 0; session < SessionsPerGroup; session++)
        {
            await owner.ChangeAsync(new RegisterSession(SessionId(session), null, null), CancellationToken.None);
        }
    }

    private static List<Task<HeartbeatResult>> BeatAll(IGroupOwner[] owners)
    {
        var beats = new List<Task<HeartbeatResult>>(Sessions);
        var report = new HeartbeatReport(100, null, null);
        for (var session = 0; session < SessionsPerGroup; session++)
        {
            beats.AddRange(owners.Select(owner => owner.HeartbeatAsync(SessionId(session), report, CancellationToken.None).AsTask()));
        }

        return beats;
    }

    private static string SessionId(int session) => $"session-{session}";

    private static async Task WaitUntilAsync(Func<bool> condition, PeakMemory? memory)
    {
        while (!condition())
        {
            memory?.Sample();
            await Task.Delay(Poll);
        }
    }

    private sealed class PeakMemory
    {
        public long Bytes { get; private set; }

        public void Sample() => Bytes = Math.Max(Bytes, Environment.WorkingSet);
    }
}
