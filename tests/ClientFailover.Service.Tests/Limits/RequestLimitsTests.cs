using System.Diagnostics.Metrics;
using System.Net;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Transport.Authorization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

/// <summary>Requests of one connection, each made when the one before was answered, as HTTP/1.1 has them.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RequestLimitsTests : IDisposable
{
    private const int PerSecond = 10;

    private static readonly Caller Alice = new("alice", CallerKind.User, "alice", null, [Roles.Users], "Basic");

    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");

    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LimitMeter _meter;
    private readonly Pauses _pauses;
    private readonly RequestRates _rates;
    private readonly Connection _connection = new();
    private int _answer = StatusCodes.Status200OK;
    private int _handled;

    public RequestLimitsTests()
    {
        _meter = new LimitMeter(_services.GetRequiredService<IMeterFactory>());
        _pauses = new Pauses(_time);
        _rates = new RequestRates(new ServiceOptions { MaxRequestsPerSecondPerCaller = PerSecond }, _time);
        new ConnectionConduct(null, most: 0, _meter).AddTo(_connection.Items);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _services.Dispose();
    }

    [Test]
    public async Task InvokeAsync_BeyondTheRate_IsRefusedAfterAPause()
    {
        for (var i = 0; i < 2 * PerSecond; i++)
        {
            Assert.That(Make(out _).IsCompletedSuccessfully, Is.True);
        }

        var refused = Make(out var http);
        Assert.That(refused.IsCompleted, Is.False, "Its connection asks nothing more meanwhile.");
        _time.Advance(Pauses.Shortest);
        await refused;

        Assert.That((http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString(), _handled), Is.EqualTo((429, "1", 2 * PerSecond)));
        Assert.That(_connection.IsCut, Is.False);
    }

    [Test]
    public void InvokeAsync_ProbeFromAnAddressThatFloods_IsAnswered()
    {
        while (_rates.TryTake(null, Here, out _))
        {
            // Somebody without credentials.
        }

        Assert.That(Make(out var http, isProbe: true).IsCompletedSuccessfully, Is.True);
        Assert.That(http.Response.StatusCode, Is.EqualTo(200));
    }

    [Test]
    public async Task InvokeAsync_GoesOnThoughMostAreRefused_TheConnectionIsCut()
    {
        // One account with many connections: the others take most of what it may, and leave this one a little.
        for (var second = 0; second < 200 && !_connection.IsCut; second++)
        {
            while (second % 10 != 0 && _rates.TryTake(Alice, Here, out _))
            {
                // Another connection's.
            }

            var made = Make(out _);
            _time.Advance(TimeSpan.FromSeconds(1));
            await made;
        }

        Assert.That(_connection.IsCut, Is.True);
    }

    [Test]
    public async Task InvokeAsync_HeartbeatsThatAllFail_AreHandledAtOnceAndAnsweredLaterAndLater()
    {
        _answer = StatusCodes.Status404NotFound;
        for (var i = 0; i < ConnectionConduct.FailuresAtOnce; i++)
        {
            Assert.That(Make(out _, isHeartbeat: true).IsCompletedSuccessfully, Is.True);
        }

        await BeatAsync(TimeSpan.FromMilliseconds(100));
        await BeatAsync(TimeSpan.FromMilliseconds(200));
        for (var i = 0; i < 20; i++)
        {
            var late = Make(out _, isHeartbeat: true);
            _time.Advance(Pauses.Longest);
            await late;
        }

        await BeatAsync(Pauses.Longest);
        Assert.That(_connection.IsCut, Is.False);
    }

    [Test]
    public void InvokeAsync_GoodHeartbeatAfterManyThatFailed_IsAnsweredAtOnce()
    {
        _answer = StatusCodes.Status404NotFound;
        for (var i = 0; i < 2 * ConnectionConduct.FailuresAtOnce; i++)
        {
            _ = Make(out _, isHeartbeat: true);
        }

        _answer = StatusCodes.Status200OK;

        Assert.That(Make(out _, isHeartbeat: true).IsCompletedSuccessfully, Is.True, "It may be another adapter's, behind the same gateway.");
        _answer = StatusCodes.Status404NotFound;
        Assert.That(Make(out _, isHeartbeat: true).IsCompletedSuccessfully, Is.True, "The count begins anew.");
    }

    [Test]
    public async Task InvokeAsync_GatewayOpensTheStreamsOfAllItsAdaptersAtOnce_IsNotCut()
    {
        const int streams = 4096;
        var gateway = new Connection();
        new ConnectionConduct(null, streams, _meter).AddTo(gateway.Items);
        var waiting = streams;

        // It tries those that were refused a second time.
        for (var attempt = 0; attempt < 2; attempt++)
        {
            var calls = Enumerable.Range(0, waiting).Select(_ => (Done: Make(out var http, on: gateway), Http: http)).ToList();
            _time.Advance(TimeSpan.FromSeconds(PerSecond));
            await Task.WhenAll(calls.Select(c => c.Done));
            waiting -= calls.Count(c => c.Http.Response.StatusCode == StatusCodes.Status200OK);
        }

        Assert.That(waiting, Is.LessThan(streams));
        Assert.That(gateway.IsCut, Is.False);
    }

    [Test]
    public void InvokeAsync_HeartbeatsThatAreGood_NeverWait()
    {
        for (var i = 0; i < 100 * PerSecond; i++)
        {
            Assert.That(Make(out _, isHeartbeat: true).IsCompletedSuccessfully, Is.True);
        }
    }

    [Test]
    public void InvokeAsync_CallOverGrpcThatFails_CountsThoughItsStatusIsGood()
    {
        for (var i = 0; i < ConnectionConduct.FailuresAtOnce; i++)
        {
            _ = Make(out var http, isHeartbeat: true, grpcStatus: "5");
            Assert.That(http.Response.StatusCode, Is.EqualTo(200));
        }

        Assert.That(Make(out _, isHeartbeat: true, grpcStatus: "5").IsCompleted, Is.False);
    }

    private async Task BeatAsync(TimeSpan pause)
    {
        var before = _handled;
        var beat = Make(out _, isHeartbeat: true);
        Assert.That(_handled, Is.EqualTo(before + 1), "As a sign of life it counts at once.");
        _time.Advance(pause - TimeSpan.FromMilliseconds(1));
        Assert.That(beat.IsCompleted, Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        await beat;
    }

    private Task Make(out HttpContext http, bool isHeartbeat = false, string? grpcStatus = null, bool isProbe = false, Connection? on = null)
    {
        var answer = new Answer();
        http = new DefaultHttpContext();
        http.Features.Set<IHttpResponseFeature>(answer);
        if (!isProbe)
        {
            http.User = new CallerPrincipal(Alice);
        }

        http.Request.Protocol = HttpProtocol.Http11;
        http.Connection.RemoteIpAddress = Here;
        http.Features.Set<IConnectionItemsFeature>(on ?? _connection);
        http.Features.Set<IConnectionLifetimeFeature>(on ?? _connection);
        var operation = new Operation("POST", "policy", AccessRights.Read, AccessTarget.Group, isHeartbeat);
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(isProbe ? ProbeRequest.Instance : operation), null));
        var limits = new RequestLimits(
            c =>
            {
                _handled++;
                c.Response.StatusCode = _answer;
                c.Response.Headers.GrpcStatus = grpcStatus;
                return Task.CompletedTask;
            },
            _rates,
            _pauses,
            _meter);
        return AnswerAsync(limits.InvokeAsync(http), answer);
    }

    private static async Task AnswerAsync(Task handling, Answer answer)
    {
        await handling;
        await answer.StartAsync();
    }

    private sealed class Answer : HttpResponseFeature
    {
        private Func<Task> _starting = () => Task.CompletedTask;

        public override void OnStarting(Func<object, Task> callback, object state) => _starting = () => callback(state);

        public Task StartAsync() => _starting();
    }

    private sealed class Connection : IConnectionItemsFeature, IConnectionLifetimeFeature
    {
        public bool IsCut { get; private set; }

        public IDictionary<object, object?> Items { get; set; } = new Dictionary<object, object?>();

        public CancellationToken ConnectionClosed { get; set; }

        public void Abort() => IsCut = true;
    }
}
