using System.Net;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Transport.Authorization;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

/// <summary>Requests of one HTTP/2 connection that does not wait for their answers.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RequestPausesTests : IDisposable
{
    private static readonly Caller Alice = new("alice", CallerKind.User, "alice", null, [Roles.Users], "Basic");

    private readonly FakeTimeProvider _time = new();
    private readonly LimitCounts _counts = new();
    private readonly Connection _connection = new();
    private readonly Pauses _pauses;

    public RequestPausesTests()
    {
        _pauses = new Pauses(_time);
        new ConnectionConduct(null, most: 4096, _counts.Meter).AddTo(_connection.Items);
    }

    public void Dispose() => _counts.Dispose();

    [Test]
    public async Task InvokeAsync_MoreHeartbeatsFailThanMayWait_TheConnectionIsCut()
    {
        var others = Crowd();
        var beats = Enumerable.Range(0, ConnectionConduct.FailuresAtOnce + ConnectionConduct.MostWaiting).Select(_ => Make(isHeartbeat: true)).ToList();
        Assert.That((_connection.IsCut, Waiting(others)), Is.EqualTo((false, ConnectionConduct.MostWaiting)));

        await Make(isHeartbeat: true);

        Assert.That((_connection.IsCut, Waiting(others)), Is.EqualTo((true, ConnectionConduct.MostWaiting)));
        Assert.That(_counts[LimitMeter.Pace], Is.EqualTo(ConnectionConduct.MostWaiting + 2), "Each that had to wait, and the cut.");
        _time.Advance(Pauses.Longest);
        await Task.WhenAll([.. beats, .. others]);
    }

    [Test]
    public async Task InvokeAsync_AllAdaptersOfAGatewayFailAtOnce_AllWaitAndAreAnswered()
    {
        var beats = Enumerable.Range(0, 4096).Select(_ => Make(isHeartbeat: true)).ToList();

        Assert.That((_connection.IsCut, _pauses.Waiting), Is.EqualTo((false, 4096 - ConnectionConduct.FailuresAtOnce)));
        _time.Advance(Pauses.Longest);
        await Task.WhenAll(beats);
    }

    [Test]
    public async Task InvokeAsync_MoreAreRefusedThanMayWait_AreAnsweredAtOnce()
    {
        var rates = new RequestRates(new ServiceOptions { MaxRequestsPerSecondPerCaller = 1 }, _time);
        while (rates.TryTake(Alice, IPAddress.Loopback, out _))
        {
            // Until nothing more is let in.
        }

        var others = Crowd();
        var waiting = Enumerable.Range(0, ConnectionConduct.MostWaiting).Select(_ => Make(rates: rates)).ToList();
        Assert.That((waiting.Any(w => w.IsCompleted), Make(rates: rates).IsCompleted), Is.EqualTo((false, true)));
        Assert.That((_connection.IsCut, Waiting(others)), Is.EqualTo((false, ConnectionConduct.MostWaiting)), "A gateway opens the streams of all its adapters at once.");
        _time.Advance(Pauses.Longest);
        await Task.WhenAll([.. waiting, .. others]);
    }

    [TestCase(0, false)]
    [TestCase(1, false)]
    [TestCase(0, true)]
    public void InvokeAsync_RequestsAreNotLimited_HeartbeatsThatFailWaitAllTheSame(int perSecond, bool mayAllFail)
    {
        if (mayAllFail)
        {
            new ConnectionConduct(null, most: 4096, _counts.Meter, failuresAtOnce: 0).AddTo(_connection.Items);
        }

        var rates = new RequestRates(new ServiceOptions { MaxRequestsPerSecondPerCaller = perSecond }, _time);
        for (var i = 0; i < ConnectionConduct.FailuresAtOnce; i++)
        {
            Assert.That(Make(isHeartbeat: true, rates: rates).IsCompletedSuccessfully, Is.True);
        }

        Assert.That(Make(isHeartbeat: true, rates: rates).IsCompleted, Is.EqualTo(mayAllFail));
    }

    private List<Task> Crowd() => [.. Enumerable.Range(0, Pauses.Many).Select(_ => _pauses.TakeAsync(Pauses.Longest, CancellationToken.None))];

    private int Waiting(List<Task> others) => _pauses.Waiting - others.Count;

    private async Task Make(bool isHeartbeat = false, RequestRates? rates = null)
    {
        var answer = new Answer();
        var http = new DefaultHttpContext { User = new CallerPrincipal(Alice) };
        http.Features.Set<IHttpResponseFeature>(answer);
        http.Features.Set<IConnectionItemsFeature>(_connection);
        http.Features.Set<IConnectionLifetimeFeature>(_connection);
        http.Request.Protocol = HttpProtocol.Http2;
        http.Connection.RemoteIpAddress = IPAddress.Loopback;
        http.SetEndpoint(new Endpoint(null, new EndpointMetadataCollection(new Operation("POST", "policy", AccessRights.Read, AccessTarget.Group, isHeartbeat)), null));
        var limits = new RequestLimits(
            c =>
            {
                c.Response.StatusCode = StatusCodes.Status404NotFound;
                return Task.CompletedTask;
            },
            rates ?? new RequestRates(new ServiceOptions(), _time),
            _pauses,
            _counts.Meter);
        await limits.InvokeAsync(http);
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
