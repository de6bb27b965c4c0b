using ClientFailover.Benchmarks.Fleets;
using ClientFailover.Benchmarks.Http1;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;

namespace ClientFailover.Benchmarks.Memory;

/// <summary>Memory a session: the working set with many, less that with few, divided by the difference.</summary>
internal sealed class SessionMemory : IBenchmark
{
    private const double KiB = 1024;
    private const double RegisteredTarget = 2;
    private const double SharedTarget = 16;
    private const double OwnTarget = 45;
    private const int RestConnections = 128;

    private static readonly TimeSpan FailoverTimeout = TimeSpan.FromHours(1);
    private static readonly FleetPlan FewRegistered = new("few", Sessions: 4000, RestConnections, FailoverTimeout);
    private static readonly FleetPlan Registered = new("registered", Sessions: 100_000, RestConnections, FailoverTimeout);
    private static readonly FleetPlan FewShared = new("few", Sessions: 1000, Connections: 1, FailoverTimeout);
    private static readonly FleetPlan Shared = new("shared", Sessions: 10_000, Connections: 10, FailoverTimeout);
    private static readonly FleetPlan FewOwn = new("few", Sessions: 100, Connections: 100, FailoverTimeout);
    private static readonly FleetPlan Own = new("own", Sessions: 1000, Connections: 1000, FailoverTimeout);

    /// <inheritdoc/>
    public string Name => "memory";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Measurement>> RunAsync(ServiceLauncher service) =>
    [
        new($"memory a session without stream ({Registered.Sessions:N0})", await RegisteredAsync(service), "KiB", Target.Maximum(RegisteredTarget)),
        new($"memory a session with a stream ({Shared.Sessions:N0} on {Shared.Connections} connections)", await StreamsAsync(() => service.StartAsync(), FewShared, Shared), "KiB", Target.Maximum(SharedTarget)),
        new("the same, an empty echo", await StreamsAsync(() => EchoLauncher.StartAsync(service.RuntimeSettings), FewShared, Shared), "KiB"),
        new($"memory a session with a connection of its own ({Own.Sessions:N0})", await StreamsAsync(() => service.StartAsync(), FewOwn, Own), "KiB", Target.Maximum(OwnTarget)),
        new("the same, an empty echo", await StreamsAsync(() => EchoLauncher.StartAsync(service.RuntimeSettings), FewOwn, Own), "KiB"),
    ];

    private static async Task<double> RegisteredAsync(ServiceLauncher service)
    {
        using var server = await service.StartAsync();
        using var pool = new ConnectionPool(server.Address.Rest, RestConnections);
        RegisterAndBeat(server, pool, FewRegistered);
        var before = await SettledMemory.ReadAsync(server.Process);
        RegisterAndBeat(server, pool, Registered);
        return (await SettledMemory.ReadAsync(server.Process) - before) / KiB / Registered.Sessions;
    }

    private static void RegisterAndBeat(ServerProcess server, ConnectionPool pool, FleetPlan plan)
    {
        var fleet = new RestFleet(server.Address, plan);
        fleet.Register(pool);
        pool.SendAll(Enumerable.Range(0, plan.Sessions).Select(session => fleet.Heartbeat(session)));
    }

    private static async Task<double> StreamsAsync(Func<Task<ServerProcess>> start, FleetPlan few, FleetPlan many)
    {
        using var server = await start();
        using var fewStreams = OpenAndBeat(server, few);
        var before = await SettledMemory.ReadAsync(server.Process);
        using var manyStreams = OpenAndBeat(server, many);
        return (await SettledMemory.ReadAsync(server.Process) - before) / KiB / many.Sessions;
    }

    private static StreamFleet OpenAndBeat(ServerProcess server, FleetPlan plan)
    {
        var answers = new AnswerCounter();
        var fleet = new StreamFleet(server.Address, plan) { Observer = answers };
        fleet.Open();
        foreach (var session in fleet.Sessions)
        {
            session.Beat();
        }

        fleet.Flush();
        while (answers.Count < fleet.Sessions.Count)
        {
            fleet.Pump(TimeSpan.FromSeconds(1));
        }

        return fleet;
    }

    private sealed class AnswerCounter : IFleetObserver
    {
        public int Count { get; private set; }

        public void OnReply(StreamSession session, ReadOnlySpan<byte> message) => Count++;

        public void OnAssignment(StreamSession session, ReadOnlySpan<byte> message)
        {
        }
    }
}
