using System.Net;
using ClientFailover.Benchmarks.Buffer;
using ClientFailover.Benchmarks.Echo;
using ClientFailover.Benchmarks.Expiry;
using ClientFailover.Benchmarks.Flood;
using ClientFailover.Benchmarks.Lateness;
using ClientFailover.Benchmarks.Memory;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;
using ClientFailover.Benchmarks.Start;
using ClientFailover.Benchmarks.Throughput;

namespace ClientFailover.Benchmarks;

/// <summary>The command line.</summary>
internal static class BenchmarkProgram
{
    private const string Usage = """
        Measures Client Failover against its targets.

          ClientFailover.Benchmarks [all | <name> ...] [--service <executable>] [--json <file>] [--seconds <n>]

        Names: {0}. Prints a Markdown table; --json writes the figures to a file besides. --seconds makes
        each part of the flood, fifteen seconds otherwise, as short as you like: a trial, no figure.
        Build it with -c Release, and let the machine do nothing else.
        """;

    private static readonly FloodFairness Flood = new();

    private static readonly IBenchmark[] Benchmarks =
    [
        new Calibration(),
        new StreamThroughput(),
        new RestThroughput(),
        new DetectionLateness(),
        new SessionMemory(),
        new MassExpiry(),
        new StartTime(),
        new BufferThroughput(),
        Flood,
    ];

    private static async Task<int> Main(string[] arguments)
    {
        if (arguments is [EchoLauncher.Command])
        {
            await EchoServer.RunAsync();
            return 0;
        }

        if (arguments is [Attacker.Command, var kind, var target, var authorization])
        {
            await Attacker.RunAsync(Enum.Parse<FloodKind>(kind), IPEndPoint.Parse(target), authorization);
            return 0;
        }

        if (BenchmarkOptions.Parse(arguments, [.. Benchmarks.Select(b => b.Name)]) is not { } options)
        {
            Console.Error.WriteLine(Usage, string.Join(", ", Benchmarks.Select(b => b.Name)));
            return 2;
        }

        Flood.Window = options.Window ?? Flood.Window;
        var launcher = new ServiceLauncher(options.Service ?? ServiceLauncher.DefaultExecutable());
        var sections = new List<ReportSection>();
        foreach (var benchmark in Benchmarks.Where(b => options.Names.Contains(b.Name)))
        {
            Console.Error.WriteLine($"{benchmark.Name} ...");
            var section = new ReportSection(benchmark.Name, await benchmark.RunAsync(launcher));
            sections.Add(section);

            // At once: what was measured is not lost when a later one is cut off.
            Console.Error.WriteLine(new Report([section]).ToMarkdown());
        }

        var report = new Report(sections);
        Console.WriteLine(report.ToMarkdown());
        if (options.Json is not null)
        {
            await File.WriteAllTextAsync(options.Json, report.ToJson());
        }

        return sections.SelectMany(s => s.Measurements).Any(m => m.Reached == false) ? 1 : 0;
    }
}
