using System.Net;
using System.Text.Encodings.Web;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Transport.Authorization;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

/// <summary>Requests of one HTTP/2 connection that are reset before the service's own code has them: each counts, once.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RequestResetsTests : IDisposable
{
    private const int Allowed = 10;
    private const string Stream = "/clientfailover.v1.AdapterService/Connect";
    private const string Call = "/clientfailover.v1.GroupService/ListGroups";

    private readonly FakeTimeProvider _time = new();
    private readonly LimitMeter _meter = new(new TestMeters());
    private readonly Connection _connection = new();

    public RequestResetsTests() => new ConnectionConduct(new Rate(_time, 1, Allowed), most: 0, _meter).AddTo(_connection.Items);

    public void Dispose() => _meter.Dispose();

    [TestCase(Stream)]
    [TestCase(Call)]
    public async Task InvokeAsync_ResetAndRefusedAtOnce_Counts(string method)
    {
        await MustCountAsync(() => Limit(_ => Task.CompletedTask).InvokeAsync(Request(method, isReset: true)));
    }

    /// <summary>Far sooner than by the patience with those that are refused.</summary>
    [Test]
    public async Task InvokeAsync_ResetWhileItsRefusalWaits_Counts()
    {
        var rates = new RequestRates(new ServiceOptions { MaxRequestsPerSecondPerCaller = 1 }, _time);
        while (rates.TryTake(null, IPAddress.Loopback, out _))
        {
            // Until nothing more is let in.
        }

        var limits = new RequestLimits(_ => Task.CompletedTask, rates, new Pauses(_time), _meter);
        await MustCountAsync(() => limits.InvokeAsync(Request(Call, isReset: true)));
    }

    [Test]
    public async Task InvokeAsync_AdapterStreamThatTellsOfItsResetItself_CountsOnce()
    {
        await MustCountAsync(() => Limit(http =>
        {
            ConnectionConduct.Of(http)!.WasReset(http);
            return Task.CompletedTask;
        }).InvokeAsync(Request(Stream, isReset: true)));
    }

    [TestCase(Stream)]
    [TestCase(Call)]
    public async Task InvokeAsync_RefusedAndNotReset_CountsNot(string method)
    {
        for (var i = 0; i < 10 * Allowed; i++)
        {
            await Limit(_ => Task.CompletedTask).InvokeAsync(Request(method, isReset: false));
        }

        Assert.That(_connection.IsCut, Is.False);
    }

    [Test]
    public void InvokeAsync_AdapterStreamThatGoesOn_IsHeldByNobodyElse()
    {
        var going = new TaskCompletionSource();

        Assert.That(Limit(_ => going.Task).InvokeAsync(Request(Stream, isReset: false)), Is.SameAs(going.Task));
    }

    [TestCase(Stream)]
    [TestCase(Call)]
    public async Task AuthenticateAsync_ResetWhileItsCredentialsAreVerified_Counts(string method)
    {
        using var services = new ServiceCollection().AddMetrics().AddMeters().BuildServiceProvider();
        await MustCountAsync(async () =>
        {
            var http = Request(method, isReset: true);
            http.Request.Headers.Authorization = "Slow x";
            var handler = new CallerHandler(
                new Settings(), NullLoggerFactory.Instance, UrlEncoder.Default, new CallerSchemes([new SlowScheme()], []), services.GetRequiredService<LogonMeter>());
            await handler.InitializeAsync(new AuthenticationScheme(CallerHandler.SchemeName, null, typeof(CallerHandler)), http);
            Assert.That(() => handler.AuthenticateAsync(), Throws.InstanceOf<OperationCanceledException>());
        });
    }

    /// <summary>Somebody logged on over it, so that it did not count as new.</summary>
    [TestCase(Allowed, true)]
    [TestCase(Allowed + 2, false)]
    public async Task InvokeAsync_ConnectionIsCut_ItsAddressMayNotComeBackAtOnce(int resets, bool mayComeBack)
    {
        const int AtOnce = 20;
        var gate = new ConnectionGate(new ServiceOptions { MaxNewConnectionsPerSecond = 1 }, _time);
        var entry = gate.Enter(IPAddress.Loopback, () => { }, out _)!;
        entry.AddTo(_connection.Items);
        entry.Authenticated();
        for (var i = 0; i < resets; i++)
        {
            await Limit(_ => Task.CompletedTask).InvokeAsync(Request(Call, isReset: true));
        }

        Assert.That(gate.Enter(IPAddress.Loopback, () => { }, out var limit), mayComeBack ? Is.Not.Null : Is.Null);
        Assert.That(limit, Is.EqualTo(mayComeBack ? null : LimitMeter.NewConnections));

        _time.Advance(TimeSpan.FromSeconds(ConnectionEntry.CutCounts - AtOnce + 1));
        Assert.That(gate.Enter(IPAddress.Loopback, () => { }, out _), Is.Not.Null, "It is forgiven.");
    }

    /// <summary>Adapters may be behind the same address.</summary>
    [Test]
    public void WasCut_ThousandsAtOnce_KeepTheirAddressOutNoLongerThanAFew()
    {
        var gate = new ConnectionGate(new ServiceOptions { MaxNewConnectionsPerSecond = 1 }, _time);
        var entry = gate.Enter(IPAddress.Loopback, () => { }, out _)!;
        for (var i = 0; i < 5_000; i++)
        {
            entry.WasCut();
        }

        Assert.That(gate.Enter(IPAddress.Loopback, () => { }, out _), Is.Null);
        _time.Advance(TimeSpan.FromSeconds(ConnectionEntry.CutCounts + 1));
        Assert.That(gate.Enter(IPAddress.Loopback, () => { }, out _), Is.Not.Null);
    }

    private async Task MustCountAsync(Func<Task> request)
    {
        for (var i = 0; i < Allowed; i++)
        {
            await request();
        }

        Assert.That(_connection.IsCut, Is.False, "So many are allowed.");
        await request();
        Assert.That(_connection.IsCut, Is.True);
    }

    private RequestLimits Limit(RequestDelegate next) =>
        new(next, new RequestRates(new ServiceOptions(), _time), new Pauses(_time), _meter);

    private DefaultHttpContext Request(string method, bool isReset)
    {
        var http = new DefaultHttpContext { RequestAborted = new CancellationToken(isReset) };
        http.Request.Protocol = HttpProtocol.Http2;
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.Features.Set<IConnectionItemsFeature>(_connection);
        http.Features.Set<IConnectionLifetimeFeature>(_connection);
        var operation = new Operation(method, "policy", AccessRights.Read, AccessTarget.Group);
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(operation), null));
        return http;
    }

    /// <summary>Never comes to an end.</summary>
    private sealed class SlowScheme : ICallerScheme
    {
        public string Name => "Slow";

        public string Challenge => Name;

        public ValueTask<LogonOutcome> LogOnAsync(HttpContext http, string header) => new(new TaskCompletionSource<LogonOutcome>().Task);

        public bool IsStillGood(VerifiedCredential credential) => false;

        public void Refresh()
        {
        }
    }

    private sealed class Settings : IOptionsMonitor<AuthenticationSchemeOptions>
    {
        public AuthenticationSchemeOptions CurrentValue { get; } = new();

        public AuthenticationSchemeOptions Get(string? name) => CurrentValue;

        public IDisposable? OnChange(Action<AuthenticationSchemeOptions, string?> listener) => null;
    }

    private sealed class Connection : IConnectionItemsFeature, IConnectionLifetimeFeature
    {
        public bool IsCut { get; private set; }

        public IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public CancellationToken ConnectionClosed { get; set; }

        public void Abort() => IsCut = true;
    }
}
