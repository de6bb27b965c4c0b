using System.Globalization;
using ClientFailover.HealthReceiver;
using ClientFailover.Service.Health.Sending;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class HealthReporterTests : IAsyncDisposable
{
    private readonly HealthBench _bench = new();

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Test]
    public async Task Time_Passing_IsReportedEachMinuteToTheSecond()
    {
        var receiver = _bench.Receiver("pi");
        var begin = _bench.Time.GetUtcNow();
        await _bench.StartAsync(HealthBench.Endpoint("pi"));
        await _bench.PassAsync(TimeSpan.FromMinutes(5));

        Assert.That(Times(receiver).Select(t => t - begin), Is.EqualTo(Enumerable.Range(0, 6).Select(i => TimeSpan.FromMinutes(i))));
    }

    [Test]
    public async Task Status_Changed_IsReportedAtOnceAndToldOnce()
    {
        var receiver = _bench.Receiver("pi");
        await _bench.StartAsync(HealthBench.Endpoint("pi"));
        await _bench.PassAsync(TimeSpan.FromSeconds(10));
        _bench.Wrong = "the disk is full";
        await _bench.PassAsync(TimeSpan.FromSeconds(100));
        _bench.Wrong = null;
        await _bench.PassAsync(TimeSpan.FromSeconds(10));

        Assert.That(Reported(receiver), Is.EqualTo(new[] { "0 Good", "11 DeviceInError", "60 DeviceInError", "111 Good", "120 Good" }).Or.EqualTo(
            new[] { "0 Good", "10 DeviceInError", "60 DeviceInError", "110 Good", "120 Good" }));
        Assert.That(_bench.ReporterLog.Entries.Where(e => e.Id != 8003).Select(e => $"{e.Level} {e.Text}"), Is.EqualTo(new[]
        {
            "Warning The status of the service is DeviceInError: the disk is full",
            "Information The status of the service is Good again",
        }));
    }

    [Test]
    public async Task Endpoint_Added_IsToldAtOnceAndAloneThen()
    {
        var (first, second) = (_bench.Receiver("first"), _bench.Receiver("second"));
        await _bench.StartAsync(HealthBench.Endpoint("first"));
        await _bench.PassAsync(TimeSpan.FromSeconds(30));
        _bench.Configure(_bench.Senders.Current.Single().Endpoint, HealthBench.Endpoint("second"));
        await _bench.SettleAsync();

        Assert.That((first.Posts.Count, second.Posts.Count), Is.EqualTo((5, 5)));
        await _bench.PassAsync(TimeSpan.FromSeconds(30));
        Assert.That((first.Posts.Count, second.Posts.Count), Is.EqualTo((6, 6)));
    }

    [Test]
    public async Task Endpoint_Removed_GetsNothingMore()
    {
        var receiver = _bench.Receiver("pi", new ReceiverOptions { Plays = p => p.Kind == "data" ? new Fault.Hang() : null });
        await _bench.StartAsync(HealthBench.Endpoint("pi"));
        await _bench.PassAsync(TimeSpan.FromSeconds(70));
        var sender = _bench.Senders.Current.Single();
        var posts = receiver.Posts.Count;
        _bench.Configure();
        await _bench.PassAsync(TimeSpan.FromMinutes(10), HealthBench.LongStep);

        Assert.That((receiver.Posts.Count, receiver.Hanging, _bench.Senders.Current.Count), Is.EqualTo((posts, 0, 0)));
        Assert.That(sender.State, Is.EqualTo(SenderState.Ended));
        Assert.That(_bench.Meters.Of("clientfailover.omf.dropped|reason=removed"), Is.EqualTo(2));
    }

    [Test]
    public async Task Endpoint_CredentialsMended_GetsWhatWaited()
    {
        var isOpen = false;
        var receiver = _bench.Receiver("pi", new ReceiverOptions { Plays = _ => isOpen ? null : new Fault.Status(401) });
        await _bench.StartAsync(HealthBench.Endpoint("pi"));
        await _bench.PassAsync(TimeSpan.FromMinutes(3));
        isOpen = true;
        _bench.Configure(HealthBench.Endpoint("pi") with { Username = "omf", Password = _bench.Protection.Protect("right") });
        await _bench.SettleAsync();

        Assert.That(Times(receiver), Has.Count.EqualTo(5).And.Ordered, "Of the start, of three minutes, and now.");
        Assert.That(_bench.Told(8011).Single(), Does.Match("after 180 s. Kept messages that are sent now: [45]; dropped: 0"), "The fifth comes at the same time.");
        Assert.That(_bench.Meters.Sum("clientfailover.omf.dropped"), Is.Zero);
    }

    [Test]
    public async Task Endpoint_AddressChanged_GetsNothingThatWaitedForTheOther()
    {
        _bench.Receiver("old", new ReceiverOptions { Plays = _ => new Fault.Cut() });
        var receiver = _bench.Receiver("new");
        await _bench.StartAsync(HealthBench.Endpoint("old"));
        await _bench.PassAsync(TimeSpan.FromMinutes(2));
        _bench.Configure(HealthBench.Endpoint("old") with { Endpoint = "http://new/omf" });
        await _bench.SettleAsync();

        Assert.That(Times(receiver), Has.Count.EqualTo(1));
        Assert.That(_bench.Meters.Of("clientfailover.omf.dropped|reason=removed"), Is.EqualTo(3));
    }

    [Test]
    public async Task Configuration_ChangedElsewhere_DisturbsNoEndpoint()
    {
        var (first, second) = (_bench.Receiver("first"), _bench.Receiver("second"));
        await _bench.StartAsync(HealthBench.Endpoint("first"), HealthBench.Endpoint("second"));
        _bench.Configure(HealthBench.Endpoint("second"), HealthBench.Endpoint("first"));
        await _bench.SettleAsync();

        Assert.That((first.Posts.Count, second.Posts.Count), Is.EqualTo((5, 5)));
    }

    [Test]
    public async Task Stop_EndpointsOfEveryKind_AreToldWithinFiveSeconds()
    {
        var good = _bench.Receiver("good");
        var failing = false;
        var late = _bench.Receiver("late", new ReceiverOptions { Plays = _ => failing ? new Fault.Status(503, "600") : null });
        var hung = _bench.Receiver("hung", new ReceiverOptions { Plays = _ => new Fault.Hang() });
        var dead = _bench.Receiver("dead", new ReceiverOptions { Plays = _ => new Fault.Cut() });
        await _bench.StartAsync(HealthBench.Endpoint("good"), HealthBench.Endpoint("late"), HealthBench.Endpoint("hung"), HealthBench.Endpoint("dead"));
        failing = true;
        await _bench.PassAsync(TimeSpan.FromMinutes(2));
        failing = false;

        var begin = _bench.Time.GetUtcNow();
        var stop = _bench.StopAsync();
        await good.UntilAsync(r => StatusOf(r) == 2, TimeSpan.FromSeconds(60));
        await late.UntilAsync(r => r.ValuesOf(_bench.Names.Status).Count == 4, TimeSpan.FromSeconds(60));
        _bench.Time.Advance(begin + EndpointSender.LastWords - _bench.Time.GetUtcNow());

        // Whatever hangs: no more time has to pass.
        await stop.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.That(Reported(late).Select(r => r.Split(' ')[1]), Is.EqualTo(new[] { "Good", "Shutdown", "Good", "Good" }), "The last goes first: there may be no time for more.");
        Assert.That(hung.Hanging, Is.Zero);
        Assert.That((StatusOf(hung), StatusOf(dead)), Is.EqualTo(((int?)null, (int?)null)));
        Assert.That(_bench.Meters.Of("clientfailover.omf.dropped|reason=stopped"), Is.EqualTo(8), "Three minutes and the stop, of both.");
        Assert.That(_bench.ReporterLog.Entries.Any(e => e.Id == 8005), Is.False);
        Assert.That(good.Violations.Concat(late.Violations), Is.Empty);
    }

    [Test]
    public async Task Stop_WithoutEndpoints_IsDoneAtOnce()
    {
        await _bench.StartAsync();

        await _bench.StopAsync().WaitAsync(TimeSpan.FromSeconds(60));
    }

    [Test]
    public async Task WallClock_Set_MakesNoMinuteLongerAndNoTimeAppearTwice()
    {
        var receiver = _bench.Receiver("pi");
        await _bench.StartAsync(HealthBench.Endpoint("pi"));

        // To where the second time from now is that of the start.
        _bench.Time.Set(TimeSpan.FromMinutes(-1));
        await _bench.PassAsync(TimeSpan.FromMinutes(2));

        Assert.That(Times(receiver), Has.Count.EqualTo(3).And.Unique);
        Assert.That(receiver.Violations, Is.Empty);
    }

    [Test]
    public async Task Endpoint_WithoutEncryption_IsWarnedOfOncePerConfiguration()
    {
        foreach (var host in new[] { "pi", "hub", "safe" })
        {
            _bench.Receiver(host);
        }

        var safe = HealthBench.Endpoint("safe", "https");
        await _bench.StartAsync(HealthBench.Endpoint("pi"), HealthBench.Endpoint("hub", "https") with { ValidateEndpointCertificate = false }, safe);
        await _bench.PassAsync(TimeSpan.FromMinutes(2));

        Assert.That(_bench.ReporterLog.Entries.Where(e => e.Level == LogLevel.Warning).Select(e => $"{e.Id} {e.Text.Split(',')[0]}"), Is.EqualTo(new[]
        {
            "8003 Health endpoint pi", "8004 Health endpoint hub",
        }));
    }

    private static List<DateTimeOffset> Times(StrictReceiver receiver) =>
        [.. Posts(receiver).Select(v => DateTimeOffset.Parse(v.Index, CultureInfo.InvariantCulture))];

    private static IEnumerable<StoredValue> Posts(StrictReceiver receiver) =>
        receiver.ValuesOf("PLANT-1.ClientFailoverService.ClientFailover.DeviceStatus");

    private static int? StatusOf(StrictReceiver receiver) => Posts(receiver).LastOrDefault()?.Json.GetProperty("DeviceStatus").GetInt32();

    private static IEnumerable<string> Reported(StrictReceiver receiver)
    {
        var begin = Times(receiver)[0];
        return Posts(receiver).Select(v => FormattableString.Invariant(
            $"{(DateTimeOffset.Parse(v.Index, CultureInfo.InvariantCulture) - begin).TotalSeconds:0} {(Service.Health.DeviceStatus)v.Json.GetProperty("DeviceStatus").GetInt32()}"));
    }
}
