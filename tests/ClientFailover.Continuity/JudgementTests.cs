using System.Net;
using ClientFailover.Client;
using ClientFailover.Continuity.Adapters;
using ClientFailover.Continuity.Faults;
using ClientFailover.Continuity.Plant;
using ClientFailover.Continuity.Processes;
using ClientFailover.Continuity.Runs;
using NUnit.Framework;

namespace ClientFailover.Continuity;

/// <summary>What breaks a bound, on arrivals that were made up.</summary>
[TestFixture]
internal sealed class JudgementTests
{
    private const string Group = "g";
    private const int Ticks = 10;

    private static readonly RunPlan Plan = new(new NoFault(), FailoverMode.Hot, [AdapterKind.Stream, AdapterKind.Stream], TimeSpan.FromSeconds(2));

    private static readonly int Streams = Signal.Sources * Signal.StreamsPerSource;

    private SourceServer _source = null!;
    private AdapterHost _adapter = null!;

    [SetUp]
    public void Start()
    {
        _source = new SourceServer();
        var settings = new AdapterSettings
        {
            Group = Group,
            Name = "a",
            Life = 0,
            Kind = AdapterKind.Stream,
            Mode = FailoverMode.Hot,
            FailoverTimeout = Plan.FailoverTimeout,
            Endpoint = ServiceHost.EndpointAt(0),
            UserName = "",
            Password = "",
            CertificateFile = "",
            SourcePorts = [],
            Destination = new Uri("http://127.0.0.1/"),
            Folder = "",
            StartTime = Plan.StartTime,
            EgressInterval = Plan.EgressInterval,
        };
        _adapter = new AdapterHost(settings, Nowhere, Nowhere, Nowhere);

        static IPEndPoint Nowhere() => new(IPAddress.Loopback, 0);
    }

    [TearDown]
    public async Task StopAsync()
    {
        await _adapter.DisposeAsync();
        await _source.DisposeAsync();
    }

    [Test]
    public void Judge_AllArrived_NoBoundBroken()
    {
        var result = Judge(Plan, Arrivals());

        Assert.That((result.Missing, result.BrokenBounds), Is.EqualTo((0, Array.Empty<string>())));
    }

    [Test]
    public void Judge_HotAndNobodyCollected_BoundBroken()
    {
        var result = Judge(Plan, Arrivals().Where(arrival => arrival.Tick != 3));

        Assert.That((result.Lost, result.Uncollected), Is.EqualTo((0, Streams)));
        Assert.That(result.BrokenBounds, Is.EqualTo(new[] { "nobody collected 0.01 s, at most 0 s and 0 s of slack" }));
    }

    [Test]
    public void Judge_ValueIsNotWhatTheSourceHad_MissingAndBoundBroken()
    {
        var result = Judge(Plan with { Mode = FailoverMode.Cold, Fault = new KillPrimary() }, Arrivals().Select(arrival => arrival with { IsWrong = arrival is { Stream: 0, Tick: 3 } }));

        Assert.That((result.Missing, result.Wrong), Is.EqualTo((1, 1)));
        Assert.That(result.BrokenBounds, Is.EqualTo(new[] { "1 values are not what the source had" }), "whatever else may be lost");
    }

    [Test]
    public void Judge_RepetitionReadsOtherwise_BoundBroken()
    {
        var again = Arrivals().First() with { IsAgain = true, IsWrong = true };

        var result = Judge(Plan with { Fault = new KillPrimary() }, Arrivals().Append(again));

        Assert.That((result.Missing, result.Conflicts, result.Duplicates), Is.EqualTo((0, 1, 1)));
        Assert.That(result.BrokenBounds, Is.EqualTo(new[] { "1 repetitions read otherwise than what was there" }));
    }

    private IEnumerable<Arrival> Arrivals() =>
        from stream in Enumerable.Range(0, Streams)
        from tick in Enumerable.Range(0, Ticks)
        select new Arrival(stream, tick, _source.TimeOf(tick), "a", IsAgain: false, IsWrong: false);

    private RunResult Judge(RunPlan plan, IEnumerable<Arrival> arrivals) =>
        new Judgement(plan, Group, 0, Ticks - 1).Judge(_source, [.. arrivals], [_adapter], [], [], "");
}
