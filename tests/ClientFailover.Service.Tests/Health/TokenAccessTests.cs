using ClientFailover.HealthReceiver;
using ClientFailover.HealthReceiver.Hosting;
using ClientFailover.Service.Configuration;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Health;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class TokenAccessTests : IAsyncDisposable
{
    private const string Secret = "Planted+Secret/42";

    private readonly HealthBench _bench = new();
    private readonly TokenIssuer _issuer;
    private readonly StrictReceiver _receiver;

    public TokenAccessTests()
    {
        _issuer = new TokenIssuer("client", Secret, _bench.Time) { Address = new Uri("http://hub") };
        _receiver = _bench.Receiver("hub", new ReceiverOptions { IsPi = false }, _issuer);
    }

    public ValueTask DisposeAsync() => _bench.DisposeAsync();

    [Test]
    public async Task Token_WhileItLasts_IsUsedAgainUntilHalfAMinuteBeforeItsEnd()
    {
        _issuer.Lifetime = TimeSpan.FromMinutes(10);
        await StartAsync();
        await _bench.PassAsync(TimeSpan.FromMinutes(9), HealthBench.LongStep);
        Assert.That((_issuer.Discoveries, _issuer.Issued), Is.EqualTo((1, 1)));

        await _bench.PassAsync(TimeSpan.FromMinutes(1));

        Assert.That((_issuer.Discoveries, _issuer.Issued, _issuer.WasLate), Is.EqualTo((1, 2, false)));
        Assert.That(_receiver.ValuesOf(_bench.Names.Status), Has.Count.EqualTo(11));
        Assert.That(Loud(), Is.Empty);
    }

    [TestCase(120, 60, 1)]
    [TestCase(90, 60, 2, Description = "Half a minute is left at 60 s, which is not enough.")]
    [TestCase(20, 0, 5, Description = "One that lasts no longer is used once.")]
    public async Task Token_Lifetime_DecidesWhenItIsRenewed(int lifetime, int passed, int issued)
    {
        _issuer.Lifetime = TimeSpan.FromSeconds(lifetime);
        await StartAsync();
        await _bench.PassAsync(TimeSpan.FromSeconds(passed));

        Assert.That(_issuer.Issued, Is.EqualTo(issued));
        Assert.That(Loud(), Is.Empty);
    }

    [Test]
    public async Task TokenEndpoint_Configured_SkipsTheDiscovery()
    {
        await StartAsync(e => e with { TokenEndpoint = "http://hub/identity/connect/token" });

        Assert.That((_issuer.Discoveries, _issuer.Issued), Is.EqualTo((0, 1)));
        Assert.That(_receiver.ValuesOf(_bench.Names.Status), Has.Count.EqualTo(1));
    }

    [Test]
    public async Task Token_RefusedBeforeItsEnd_IsRenewedAtOnce()
    {
        await StartAsync();
        _issuer.Revoke();
        await _bench.PassAsync(TimeSpan.FromMinutes(1));

        Assert.That(_issuer.Issued, Is.EqualTo(2));
        Assert.That(_receiver.ValuesOf(_bench.Names.Status), Has.Count.EqualTo(2));
        Assert.That(Loud(), Is.Empty, "Nobody needs to know.");
    }

    [Test]
    public async Task Token_Refused_IsToldOnceWithoutTheSecretAndTriedAgain()
    {
        _issuer.Refusal = new OmfReply(400, $$"""{"error":"invalid_client","error_description":"Not {{Secret}}"}""");
        await StartAsync();
        await _bench.PassAsync(TimeSpan.FromSeconds(10));
        Assert.That(Loud(), Is.EqualTo(new[]
        {
            "Health cannot be sent to endpoint hub, http://hub/omf: no token was had from http://hub/identity/connect/token: invalid_client: Not *****. "
            + "It is tried again until it can; the messages of the last hour are kept",
        }));

        _issuer.Refusal = null;
        await _bench.PassAsync(TimeSpan.FromSeconds(10));
        Assert.That(_receiver.ValuesOf(_bench.Names.Status), Has.Count.EqualTo(1));
        Assert.That(_bench.Log.Entries.Select(e => e.Text), Has.None.Contains(Secret));
    }

    [TestCase("https://hub", "http://elsewhere/token", "without encryption")]
    [TestCase("http://hub", "not an address", "names no token endpoint")]
    [TestCase("http://hub", "file:///token", "names no token endpoint")]
    public async Task Discovery_ThatLeadsAstray_IsNotFollowed(string host, string endpoint, string reason)
    {
        _issuer.TokenEndpoint = endpoint;
        await StartAsync(e => e with { Endpoint = host + "/omf" });

        Assert.That(_issuer.Asked, Is.Zero);
        Assert.That(Loud().Single(), Does.Contain(reason));
    }

    [Test]
    public async Task Discovery_NotThere_NamesWhatToSet()
    {
        _bench.Receiver("hub", new ReceiverOptions(), new BasicAccess("a", "b"));
        await StartAsync();

        Assert.That(Loud().Single(), Does.Contain("http://hub/identity/.well-known/openid-configuration").And.Contain("answers 401; set TokenEndpoint"));
    }

    private IEnumerable<string> Loud() => _bench.Log.Entries.Where(e => e.Level >= LogLevel.Warning).Select(e => e.Text);

    private Task StartAsync(Func<HealthEndpoint, HealthEndpoint>? change = null)
    {
        var endpoint = HealthBench.Endpoint("hub") with { ClientId = "client", ClientSecret = _bench.Protection.Protect(Secret) };
        return _bench.StartAsync(change?.Invoke(endpoint) ?? endpoint);
    }
}
