using System.Diagnostics;
using ClientFailover.Conformance.Identity;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>
/// A service that anybody may send anything: it never fails, never does what it must not, never forgets those who
/// behave, and does not grow. <see cref="FuzzSettings"/> says how long the run is and how one is repeated.
/// </summary>
[NonParallelizable]
internal sealed class FuzzTests : OwnService
{
    // What is measured after each half: with the same load before and nothing left of it.
    private const int Halves = 2;
    private const int SegmentBatches = 50_000 / FuzzSettings.BatchSize;
    private const int ReportedFindings = 20;

    private readonly Judge _judge = new();
    private TokenProvider? _provider;
    private FuzzAccounts _accounts = null!;

    private protected override string[] Settings
    {
        get
        {
            // Here, because the service is told where it is when it is started.
            _provider ??= TokenProvider.StartAsync(TimeSpan.FromMinutes(1)).GetAwaiter().GetResult();
            return
            [
                .. FuzzSettings.Service,
                "--AuthenticationSchemes", "Basic,Bearer", "--BearerAuthority", _provider.Address.AbsoluteUri, "--BearerRequireHttps", "false",
                "--BearerAudience", TokenProvider.Audience, "--BearerTenantClaim", TokenProvider.TenantClaim,
                "--BearerUsers", "failover.user", "--BearerAdministrators", "failover.administrator",
            ];
        }
    }

    [OneTimeTearDown]
    public async Task StopProviderAsync()
    {
        if (_provider is not null)
        {
            await _provider.DisposeAsync();
        }
    }

    private protected override DataFolder CreateFolder() => DataFolder.CreateInMemory();

    [Test]
    public async Task Service_SentAnything_AnswersInOrderAndStaysAsItIs()
    {
        var batches = Math.Max(Halves, FuzzSettings.Requests / FuzzSettings.BatchSize);
        await TestContext.Progress.WriteLineAsync($"Seed {FuzzSettings.Seed}, {batches * FuzzSettings.BatchSize} requests");
        _accounts = await FuzzAccounts.OfAsync(Service, _provider!);
        var bystanders = new Bystanders(Caller, _judge);
        await bystanders.StartAsync();
        await new RestSender(Service, _accounts, _judge).SendAsync(KeptInputs.Rest);
        await new CallSender(Service, _accounts, _judge).SendAsync(KeptInputs.Calls);

        var size = new List<long> { WorkingSet() };
        var start = Stopwatch.GetTimestamp();
        for (var half = 0; half < Halves; half++)
        {
            for (var from = half * batches / Halves; from < (half + 1) * batches / Halves; from += SegmentBatches)
            {
                await RunAsync(from, Math.Min(from + SegmentBatches, (half + 1) * batches / Halves));
                await bystanders.ClearAsync();
            }

            size.Add(WorkingSet());
        }

        var time = Stopwatch.GetElapsedTime(start);
        await bystanders.EndAsync();
        await TestContext.Progress.WriteLineAsync(
            $"{batches * FuzzSettings.BatchSize / time.TotalSeconds:0} requests/s; working set {string.Join(", ", size.Select(s => $"{s / 1024 / 1024} MiB"))}; "
            + $"{bystanders.Beats} heartbeats, the slowest pair {bystanders.Slowest.TotalMilliseconds:0} ms\n"
            + string.Join('\n', _judge.Counts.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Value,9} {c.Key}")));
        Assert.Multiple(() =>
        {
            Assert.That(_judge.Findings, Is.Empty, () => $"Seed {FuzzSettings.Seed}:\n" + string.Join('\n', _judge.Findings.Take(ReportedFindings)));
            Assert.That(LoggedFailures(), Is.Empty, $"Seed {FuzzSettings.Seed}: logged as failed");
            Assert.That(size[2] - size[1], Is.LessThan(FuzzSettings.GrowthLimit), "It does not grow.");

            // A run in which hardly anything gets through would find nothing.
            Assert.That(_judge.Count("rest 2"), Is.GreaterThan(FuzzSettings.Requests / 12));
            Assert.That(_judge.Count("grpc OK"), Is.GreaterThan(FuzzSettings.Requests / 40));
            Assert.That(_judge.Count("rest cut"), Is.LessThan(FuzzSettings.Requests / 10));
            Assert.That(bystanders.Beats, Is.Positive);
        });
    }

    private async Task RunAsync(int from, int to)
    {
        var next = from - 1;
        await Task.WhenAll(Enumerable.Range(0, FuzzSettings.Workers).Select(_ => Task.Run(async () =>
        {
            var rest = new RestSender(Service, _accounts, _judge);
            var calls = new CallSender(Service, _accounts, _judge);
            while (Interlocked.Increment(ref next) is var batch && batch < to)
            {
                // From the seed and the number alone: whoever sends it, and when, a batch is the same in every run.
                await SendAsync(new Random(HashOf(batch)), batch, rest, calls);
            }
        })));
    }

    private static int HashOf(int batch) => unchecked((FuzzSettings.Seed * 1_000_003) + (batch * 7_919));

    private static async Task SendAsync(Random random, int batch, RestSender rest, CallSender calls)
    {
        const int share = 3;
        const int framesShare = 10;
        if (batch % share != 0)
        {
            var generator = new RestGenerator(random);
            await rest.SendAsync([.. Enumerable.Range(0, FuzzSettings.BatchSize).Select(_ => generator.Next())]);
            return;
        }

        var native = new CallGenerator(random);
        if (batch % (share * framesShare) != 0)
        {
            await calls.SendAsync([.. Enumerable.Range(0, FuzzSettings.BatchSize).Select(_ => native.Next())]);
            return;
        }

        for (var i = 0; i < FuzzSettings.BatchSize; i++)
        {
            await calls.SendAsync(native.NextFrames());
        }
    }

    private long WorkingSet()
    {
        using var process = Process.GetProcessById(Service.ProcessId);
        return process.WorkingSet64;
    }

    /// <summary>Lines of the log that say that something is wrong with the service, or that it had not foreseen something.</summary>
    private List<string> LoggedFailures()
    {
        string[] signs = ["Z fail: ", "Z crit: ", "unexpected", "nhandled exception"];

        // The web server's own words about a connection that it ends, and nobody else's: one with a body of gRPC-Web that the
        // caller did not complete, or with header blocks that its decoder of HTTP/2 trips over. Not what it says of the service's
        // exceptions, which has another number.
        string[] own = ["Server.Kestrel[0] Connection processing ended abnormally.", "Server.Kestrel[67] "];
        return
        [
            .. Service.Output.Split('\n')
                .Where(l => signs.Any(s => l.Contains(s, StringComparison.Ordinal)) && !own.Any(o => l.Contains(o, StringComparison.Ordinal)))
                .Take(ReportedFindings),
        ];
    }
}
