using ClientFailover.Benchmarks.Fleets;
using ClientFailover.Benchmarks.Http1;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;

namespace ClientFailover.Benchmarks.Flood;

/// <summary>How much later well-behaved heartbeats are answered while one caller floods the service with whatever the machine gives.</summary>
internal sealed class FloodFairness : IBenchmark
{
    private const double Slower = 10;

    private static readonly TimeSpan LongestWarmUp = TimeSpan.FromSeconds(5);
    private static readonly FleetPlan Plan = new("victims", Sessions: 100, Connections: 100, TimeSpan.FromSeconds(10));

    /// <inheritdoc/>
    public string Name => "flood";

    /// <summary>How long is measured at a time.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(15);

    private TimeSpan WarmUp => Window < LongestWarmUp ? Window : LongestWarmUp;

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Measurement>> RunAsync(ServiceLauncher service)
    {
        using var server = await service.StartAsync(limits: true);
        Prepare(server.Address);
        using var victims = new Victims(server.Address, Plan);
        victims.Beat(WarmUp);
        var quiet = new Distribution(victims.Beat(Window)).Percentile(99);
        List<Measurement> figures = [new("heartbeats a second apart, p99, quiet", quiet, "ms")];
        foreach (var kind in Enum.GetValues<FloodKind>())
        {
            // Between two floods the service comes to rest; what is compared is each time the quiet before it.
            quiet = new Distribution(victims.Beat(Window)).Percentile(99);
            var before = server.Process.ProcessorTime;
            double flooded;
            using (await StartAsync(kind, server.Address))
            {
                victims.Beat(WarmUp);
                flooded = new Distribution(victims.Beat(Window)).Percentile(99);
            }

            var share = (server.Process.ProcessorTime - before) / (WarmUp + Window);
            figures.Add(new($"p99 in a flood of {Text(kind)}, times the quiet before it", flooded / quiet, "", Target.Maximum(Slower)));
            figures.Add(new($"the same: p99, and processors that it cost the service ({share:0.00})", flooded, "ms"));
        }

        figures.Add(new("changes of role in all of it", victims.RoleChanges, "", Target.Maximum(0)));
        return figures;
    }

    private static void Prepare(ServerAddress server)
    {
        using var pool = new ConnectionPool(server.Rest, 1);
        const string groups = "/api/v1/clientfailover/groups";
        pool.SendAll(
        [
            RestRequest.Encode(server.Rest, "POST", groups, server.Authorization, """{"Id":"flood"}"""),
            RestRequest.Encode(server.Rest, "POST", $"{groups}/flood/clientsessions", server.Authorization, """{"Id":"flood"}"""),
        ]);
    }

    /// <summary>Starts the attacker; it yields to everybody, as if it were on a machine of its own.</summary>
    private static async Task<ChildProcess> StartAsync(FloodKind kind, ServerAddress server)
    {
        var target = kind switch
        {
            FloodKind.Handshakes or FloodKind.Visits => server.Tls!,
            FloodKind.Resets or FloodKind.Pings => server.Grpc,
            _ => server.Rest,
        };
        var attacker = ChildProcess.Start(
            "nice", ["-n", "19", "dotnet", typeof(Attacker).Assembly.Location, Attacker.Command, kind.ToString(), target.ToString(), server.Authorization]);
        await attacker.WaitForLinesAsync(Attacker.ReadyLine, count: 1);
        return attacker;
    }

    private static string Text(FloodKind kind) => kind switch
    {
        FloodKind.Requests => "requests",
        FloodKind.Strangers => "requests without credentials",
        FloodKind.Heartbeats => "heartbeats",
        FloodKind.Resets => "requests that are reset",
        FloodKind.Pings => "pings",
        FloodKind.Visits => "new TLS connections, each for a heartbeat of a valid account",
        _ => "new TLS connections",
    };
}
