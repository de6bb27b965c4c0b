using System.Globalization;
using ClientFailover.HealthReceiver;
using ClientFailover.HealthReceiver.Hosting;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Health.Sending;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class EndpointSenderTests : IAsyncDisposable
{
    private static readonly string[] Start = ["type", "static", "container", "link", "data"];

    private readonly HealthBench _bench = new();
    private Func<OmfPost, Fault?> _plays = _ => null;

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Test]
    public async Task Start_NewEndpoint_IsToldTheStructureInOrderAndThenValues()
    {
        var receiver = await StartAsync();

        await _bench.PassAsync(TimeSpan.FromMinutes(2));

        Assert.That(Kinds(receiver), Is.EqualTo((string[])[.. Start, "data", "data"]));
        Assert.That(receiver.Violations, Is.Empty);
        Assert.That(receiver.Posts.Select(p => p.Header("compression")), Is.All.EqualTo("gzip"));
        Assert.That(Statuses(receiver), Is.EqualTo(new[] { 0, 0, 0 }));
    }

    [TestCase(409, "type")]
    [TestCase(404, "type")]
    [TestCase(400, "container")]
    [TestCase(500, "static")]
    [TestCase(403, "static")]
    [TestCase(501, "link")]
    public async Task Structure_RefusedForGood_IsToldOnceAndHoldsUpNothing(int status, string kind)
    {
        // It knows everything from before.
        var receiver = await StartAsync();
        _plays = p => p.Kind == kind ? new Fault.Status(status, Body: "planted reason") : null;
        Reconfigure();
        await _bench.PassAsync(TimeSpan.FromMinutes(3));

        Assert.That(Kinds(receiver), Is.EqualTo((string[])[.. Start, .. Start, "data", "data", "data"]));
        var (level, _, text) = _bench.Log.Entries.Single(e => e.Id == 8012);
        Assert.That(level, Is.EqualTo(LogLevel.Warning));
        Assert.That(text, Does.Contain("endpoint pi, http://pi/omf,").And.Contain($"it answers {status}: planted reason"));
        Assert.That(_bench.Log.Entries.Any(e => e.Level >= LogLevel.Error), Is.False);

        _plays = _ => null;
        Reconfigure();
        await _bench.SettleAsync();
        Assert.That(Kinds(receiver)[^5..], Is.EqualTo(Start));
        Assert.That(receiver.Violations, Is.Empty);
    }

    [Test]
    public async Task Endpoint_ThatKeepsNoElements_GetsItsValues()
    {
        var receiver = _bench.Receiver("pi", new ReceiverOptions { IsPi = false, KeepsElements = false });
        await _bench.StartAsync(HealthBench.Endpoint("pi"));
        await _bench.PassAsync(TimeSpan.FromMinutes(1));

        Assert.That(receiver.Taken.Select(p => p.Kind), Is.EqualTo(new[] { "type", "container", "data", "data" }));
        Assert.That(_bench.Told(8012).Count(), Is.EqualTo(2), "The elements and the links.");
    }

    [Test]
    public async Task Data_ContainerForgotten_IsToldAgainAndSent()
    {
        var receiver = await StartAsync();
        var plays = true;
        _plays = _ => Take(ref plays) ? new Fault.Amnesia() : null;
        await _bench.PassAsync(TimeSpan.FromMinutes(2));

        Assert.That(Kinds(receiver)[5..], Is.EqualTo(new[] { "data", "type", "container", "data", "data" }));
        Assert.That(receiver.ValuesOf(_bench.Names.Status), Has.Count.EqualTo(2), "The value that was refused is there.");
        Assert.That(_bench.Log.Entries.Any(e => e.Level >= LogLevel.Warning), Is.False);
        Assert.That(receiver.Violations, Is.Empty);
    }

    [Test]
    public async Task Data_ContainerStaysUnknown_IsDroppedAndToldOnce()
    {
        var receiver = await StartAsync(p => p.Kind == "data" ? new Fault.Status(404) : null);
        await _bench.PassAsync(TimeSpan.FromMinutes(2));

        Assert.That(Kinds(receiver), Is.EqualTo((string[])[.. Start, "type", "container", "data", "data", "type", "container", "data", "data", "type", "container", "data"]));
        Assert.That(_bench.Told(8013).Single(), Does.Contain("it answers 404"));
        Assert.That(_bench.Meters.Of("clientfailover.omf.dropped|reason=refused"), Is.EqualTo(3));
    }

    [Test]
    public async Task Data_Refused_IsDroppedAndTheNextSent()
    {
        var number = 0;
        var receiver = await StartAsync(p => p.Kind == "data" && ++number <= 2 ? new Fault.Status(400, Body: "no\nsuch thing") : null);
        await _bench.PassAsync(TimeSpan.FromMinutes(3));

        Assert.That(receiver.ValuesOf(_bench.Names.Status), Has.Count.EqualTo(2));
        Assert.That(_bench.Log.Entries.Count(e => e.Level >= LogLevel.Warning), Is.EqualTo(1));
        Assert.That(_bench.Told(8013).Single(), Does.Contain("it answers 400: no such thing"));
        Assert.That(_bench.Told(8014).Single(), Does.Contain("pi"));
    }

    [Test]
    public async Task Data_PartRefusedInsideAGoodAnswer_IsRefused()
    {
        await StartAsync(p => p.Kind == "data" ? new Fault.Nested(409, "planted part") : null);

        Assert.That(_bench.Told(8013).Single(), Does.Contain("it answers 409: planted part"));
    }

    [Test]
    public async Task Data_PartFailedInsideAGoodAnswer_IsSentAgain()
    {
        var plays = true;
        var receiver = await StartAsync(p => p.Kind == "data" && Take(ref plays) ? new Fault.Nested(503) : null);
        await _bench.PassAsync(TimeSpan.FromSeconds(1));

        Assert.That(Kinds(receiver), Is.EqualTo((string[])[.. Start, "data"]));
        Assert.That(receiver.Repeated, Is.EqualTo(4), "The very same values.");
        Assert.That(receiver.Violations, Is.Empty);
    }

    [TestCase(401)]
    [TestCase(302)]
    [TestCase(413)]
    [TestCase(500)]
    [TestCase(503)]
    public async Task Anything_ThatMayPass_IsTriedAgainAndToldOnce(int status)
    {
        var receiver = await StartAsync(_ => new Fault.Status(status));
        await _bench.PassAsync(TimeSpan.FromSeconds(15));

        Assert.That(Kinds(receiver), Is.EqualTo(new[] { "type", "type", "type", "type", "type" }), "After 1, 2, 4 and 8 seconds.");
        var (level, _, text) = _bench.Log.Entries.Single(e => e.Level >= LogLevel.Warning);
        Assert.That(level, Is.EqualTo(LogLevel.Error));
        Assert.That(text, Does.Contain($"endpoint pi, http://pi/omf: it answers {status}."));
        Assert.That(_bench.Meters.Of("clientfailover.omf.endpoints|state=failing"), Is.EqualTo(1));

        _plays = _ => null;
        await _bench.PassAsync(TimeSpan.FromSeconds(16));
        Assert.That(Kinds(receiver)[5..], Is.EqualTo(Start));
        Assert.That(_bench.Told(8011).Single(), Does.Contain("after 31 s. Kept messages that are sent now: 1; dropped: 0"));
        Assert.That(_bench.Meters.Of("clientfailover.omf.endpoints|state=failing"), Is.Zero);
        Assert.That(_bench.Meters.Of("clientfailover.omf.endpoints|state=reached"), Is.EqualTo(1));
    }

    [TestCase(429, "30")]
    [TestCase(503, "30")]
    [TestCase(503, "date")]
    public async Task RetryAfter_OverloadOrAbsence_IsKeptTo(int status, string after)
    {
        var header = after == "date" ? _bench.Time.GetUtcNow().AddSeconds(30).ToString("R", CultureInfo.InvariantCulture) : after;
        var plays = true;
        var receiver = await StartAsync(_ => Take(ref plays) ? new Fault.Status(status, header) : null);
        await _bench.PassAsync(TimeSpan.FromSeconds(29));
        Assert.That(receiver.Posts, Has.Count.EqualTo(1));

        await _bench.PassAsync(TimeSpan.FromSeconds(1));

        Assert.That(Kinds(receiver), Is.EqualTo((string[])["type", .. Start]));
    }

    [Test]
    public async Task Hang_LongerThanItsTime_IsGivenUpAndTriedAgain()
    {
        var plays = true;
        var receiver = await StartAsync(_ => Take(ref plays) ? new Fault.Hang() : null);
        await _bench.PassAsync(OmfClient.Patience);
        Assert.That(_bench.Told(8010).Single(), Does.Contain("it did not answer within 30 seconds"));

        await _bench.PassAsync(TimeSpan.FromSeconds(1));

        Assert.That(Kinds(receiver), Is.EqualTo((string[])["type", .. Start]));
    }

    [Test]
    public async Task Cut_BeforeTheAnswer_IsSentAgainAndKeptOnce()
    {
        var plays = true;
        var receiver = await StartAsync(p => p.Kind == "data" && Take(ref plays) ? new Fault.CutAfterwards() : null);
        await _bench.PassAsync(TimeSpan.FromSeconds(1));

        Assert.That(receiver.ValuesOf(_bench.Names.Status), Has.Count.EqualTo(1));
        Assert.That((receiver.Repeated, receiver.Violations.Count), Is.EqualTo((4, 0)));
        Assert.That(_bench.Told(8010).Single(), Does.Contain("The connection was cut"));
    }

    [Test]
    public async Task Outage_LongerThanThereIsRoomFor_KeepsTheNewestAndTellsOfTheRest()
    {
        var isOut = false;
        var receiver = await StartAsync(_ => Volatile.Read(ref isOut) ? new Fault.Cut() : null);
        isOut = true;
        await _bench.PassAsync(TimeSpan.FromMinutes(70), HealthBench.LongStep);
        Assert.That(_bench.Senders.Current.Single().Waiting, Is.EqualTo(Backlog.Capacity));
        isOut = false;
        await _bench.PassAsync(Backoff.Longest, HealthBench.LongStep);

        var times = receiver.ValuesOf(_bench.Names.Status).Select(v => DateTimeOffset.Parse(v.Index, CultureInfo.InvariantCulture)).ToList();
        var dropped = _bench.Meters.Of("clientfailover.omf.dropped|reason=full");
        Assert.That(times, Is.Ordered);
        Assert.That(times.Count + dropped, Is.EqualTo(1 + 70 + 5), "Each minute is there or was dropped.");
        Assert.That(dropped, Is.InRange(8, 15));
        Assert.That(_bench.Told(8018).Count(), Is.EqualTo(dropped));
        Assert.That(_bench.Log.Entries.Count(e => e.Level >= LogLevel.Warning), Is.EqualTo(1));
        Assert.That(receiver.Violations, Is.Empty);
    }

    [Test]
    public async Task Basic_Credentials_AreSentAndNeverLogged()
    {
        const string password = "Planted+Secret/42";
        var receiver = _bench.Receiver("pi", new ReceiverOptions { Plays = p => _plays(p) }, new BasicAccess("omf", password));
        var endpoint = HealthBench.Endpoint("pi") with { Username = "omf", Password = _bench.Protection.Protect(password) };

        // It answers with what it was sent, as a proxy does that wants to help.
        _plays = p => new Fault.Status(400, Body: string.Join("\n", p.Headers.Select(h => $"{h.Key}: {h.Value}")) + password);
        await _bench.StartAsync(endpoint);
        await _bench.PassAsync(TimeSpan.FromMinutes(1));
        _plays = _ => null;
        await _bench.PassAsync(TimeSpan.FromMinutes(1));

        var log = string.Join('\n', _bench.Log.Entries.Select(e => e.Text));
        Assert.That(log, Does.Contain("Authorization: Basic *****").And.Contain("\"DeviceStatus\":0").And.Contain("POST http://pi/omf, messagetype type, action create: [{"));
        Assert.That(log, Does.Not.Contain(password).And.Not.Contain(Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"omf:{password}"))));
        Assert.That(receiver.Posts.Select(p => p.Header("Authorization")), Is.All.EqualTo("Basic " + Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes($"omf:{password}"))));
    }

    [Test]
    public async Task Basic_SecretThatCannotBeDecrypted_IsToldOnceAndNothingSent()
    {
        var receiver = _bench.Receiver("pi");
        await _bench.StartAsync(HealthBench.Endpoint("pi") with { Username = "omf", Password = new ProtectedSecret("of other keys") });
        await _bench.PassAsync(TimeSpan.FromMinutes(1));

        Assert.That(receiver.Posts, Is.Empty);
        Assert.That(_bench.Log.Entries.Single(e => e.Level >= LogLevel.Warning).Text, Does.Contain("its stored secret cannot be decrypted"));
    }

    [Test]
    public async Task Address_WithAQuery_IsShownWithoutIt()
    {
        _bench.Receiver("pi", new ReceiverOptions { Plays = _ => new Fault.Status(400) });
        await _bench.StartAsync(HealthBench.Endpoint("pi") with { Endpoint = "http://pi/omf?key=planted" });

        Assert.That(_bench.Log.Entries.Concat(_bench.ReporterLog.Entries).Select(e => e.Text), Has.None.Contains("planted"));
    }

    private static bool Take(ref bool once) => (once, once = false).once;

    private static List<string> Kinds(StrictReceiver receiver) => [.. receiver.Posts.Select(p => p.Kind)];

    private int[] Statuses(StrictReceiver receiver) => [.. receiver.ValuesOf(_bench.Names.Status).Select(v => v.Json.GetProperty("DeviceStatus").GetInt32())];

    private async Task<StrictReceiver> StartAsync(Func<OmfPost, Fault?>? plays = null)
    {
        _plays = plays ?? _plays;
        var receiver = _bench.Receiver("pi", new ReceiverOptions { Plays = p => _plays(p) });
        await _bench.StartAsync(HealthBench.Endpoint("pi"));
        return receiver;
    }

    // Another record for the same address: its sender starts anew.
    private void Reconfigure()
    {
        var current = _bench.Senders.Current.Single().Endpoint;
        _bench.Configure(current with { ValidateEndpointCertificate = current.ValidateEndpointCertificate is null ? true : null });
    }
}
