using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Identity.Negotiate;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Identity.Negotiate;

/// <summary>What a connection is known by, without Kerberos, in virtual time.</summary>
public sealed class NegotiateSchemeTests
{
    private FakeTimeProvider _time = null!;
    private KnownAddresses _known = null!;
    private NegotiateScheme _scheme = null!;

    [SetUp]
    public void SetUp()
    {
        _time = new FakeTimeProvider(new DateTimeOffset(2026, 11, 30, 6, 0, 0, TimeSpan.Zero));
        _known = new KnownAddresses(null, _time, new RecordingLogger<KnownAddresses>());
        _scheme = new NegotiateScheme(new ServiceOptions(), new VerificationLimiter(_time, _known), _time, new RecordingLogger<NegotiateScheme>());
    }

    [TearDown]
    public void TearDown() => _known.Dispose();

    [Test]
    public async Task LogOn_ConnectionThatHasLoggedOn_MayDoSoOnceMoreWhereItsAddressIsLimited()
    {
        var connection = NewConnection();
        NegotiateConnection.FindOrAdd(connection)!.Credential = new NegotiateCredential(TestCallers.Adapter);
        for (var i = 0; i < VerificationLimiter.PerAddress; i++)
        {
            Assert.That(await StatusAsync(NewConnection()), Is.EqualTo(StatusCodes.Status401Unauthorized));
        }

        Assert.That(await StatusAsync(NewConnection()), Is.EqualTo(StatusCodes.Status429TooManyRequests));
        Assert.That(await StatusAsync(connection), Is.EqualTo(StatusCodes.Status401Unauthorized), "It is looked at.");
        Assert.That(await StatusAsync(connection), Is.EqualTo(StatusCodes.Status429TooManyRequests), "It failed, and is like any other.");
    }

    [Test]
    public void LogOn_ByTheConnection_CountsUntilTheLogonEnds()
    {
        var connection = NewConnection();
        var credential = new NegotiateCredential(TestCallers.Adapter) { Expires = _time.GetUtcNow().AddHours(1) };
        NegotiateConnection.FindOrAdd(connection)!.Credential = credential;

        _time.Advance(TimeSpan.FromHours(1) - TimeSpan.FromTicks(1));
        Assert.That(_scheme.LogOn(connection), Is.SameAs(credential.Outcome));
        _time.Advance(TimeSpan.FromTicks(1));
        Assert.That(_scheme.LogOn(connection), Is.Null);
    }

    private static DefaultHttpContext NewConnection()
    {
        var http = new DefaultHttpContext();
        http.Request.Protocol = HttpProtocol.Http11;
        http.Connection.RemoteIpAddress = IPAddress.Parse("192.0.2.1");
        http.Features.Set<IConnectionItemsFeature>(new Items());
        return http;
    }

    private async Task<int> StatusAsync(HttpContext http) => (await _scheme.LogOnAsync(http, "Negotiate ?")).Status;

    private sealed class Items : IConnectionItemsFeature
    {
        IDictionary<object, object?> IConnectionItemsFeature.Items { get; set; } = new Dictionary<object, object?>();
    }
}
