using System.Net;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Tests.Groups;
using ClientFailover.Service.Tests.Health;
using ClientFailover.Service.Transport.Services;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Services;

/// <summary>What of the requests that a caller may make is left after one whose answer is long.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class LongListTests : IDisposable
{
    private const int AtOnce = 2_000;

    private static readonly Caller Alice = new("alice", CallerKind.User, "alice", null, [Roles.Users], "Basic");
    private static readonly IPAddress Here = IPAddress.Parse("192.0.2.1");

    private readonly OwnerBench _bench = new();
    private readonly RequestRates _rates;
    private readonly LimitMeter _meter = new(new TestMeters());
    private readonly UnreadAnswers _answers;
    private readonly CallOf _call;

    public LongListTests()
    {
        var options = new ServiceOptions { MaxRequestsPerSecondPerCaller = AtOnce / 2 };
        _rates = new RequestRates(options, _bench.Time);
        _answers = new UnreadAnswers(options, _meter, _bench.Time);
        var http = new DefaultHttpContext { User = new CallerPrincipal(Alice) };
        http.Connection.RemoteIpAddress = Here;
        _call = new CallOf(http);
    }

    public void Dispose()
    {
        _answers.Dispose();
        _meter.Dispose();
        _bench.Dispose();
    }

    [TestCase(99, 0)]
    [TestCase(1_000, 10)]
    public async Task ListSessions_AnyNumber_CountsOnceMoreForEachHundred(int sessions, int expected)
    {
        await _bench.GroupAsync("G", Names(sessions));
        var service = new SessionService(_bench.Directory, _bench.Access, _bench.Time, heartbeats: null!, _rates, _answers);

        var list = await service.ListSessions(new V1.ListSessionsRequest { TenantId = OwnerBench.Tenant, NamespaceId = OwnerBench.Tenant, GroupId = "G" }, _call);

        Assert.That(list.Sessions, Has.Count.EqualTo(sessions));
        Assert.That(Spent(), Is.EqualTo(expected));
    }

    [TestCase(false, 1_000, 10)]
    [TestCase(false, 1, 0)]
    [TestCase(true, 1, 1)]
    public async Task ListGroups_WithAndWithoutAccessLists_CountsWhatItHasAndWhatWasLookedAt(bool hasLists, int count, int expected)
    {
        foreach (var name in Names(1_000))
        {
            await _bench.GroupAsync(name);
        }

        if (hasLists)
        {
            _bench.Access.Put(AccessLists.Collection(OwnerBench.Tenant, OwnerBench.Tenant), AccessList.Default);
        }

        var service = new GroupService(_bench.Directory, _bench.Access, rules: null!, _rates, _answers);

        var list = await service.ListGroups(new V1.ListGroupsRequest { TenantId = OwnerBench.Tenant, NamespaceId = OwnerBench.Tenant, Count = count }, _call);

        Assert.That((list.Groups.Count, list.TotalCount), Is.EqualTo((count, 1_000)));
        Assert.That(Spent(), Is.EqualTo(expected));
    }

    [Test]
    public async Task WatchEvents_LongSnapshot_CountsOnceForEachHundred()
    {
        // Three hundred items: the groups as well.
        await _bench.GroupAsync("G", Names(149));
        await _bench.GroupAsync("H", Names(149));
        using var lifetime = new TestLifetime();
        var watch = new GroupWatch(_bench.Directory, _bench.Watch, _bench.Access, _bench.Tenants);
        var service = new EventService(_bench.Directory, _bench.Store, watch, _bench.Tenants, _rates, _answers, lifetime);
        var writer = new Writer(lifetime);

        Assert.That(
            () => service.WatchEvents(new V1.WatchEventsRequest { TenantId = OwnerBench.Tenant, NamespaceId = OwnerBench.Tenant }, writer, _call),
            Throws.InstanceOf<OperationCanceledException>());

        Assert.That(Spent(), Is.EqualTo(3));
    }

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(i => $"{i}")];

    private int Spent()
    {
        var left = 0;
        while (_rates.TryTake(Alice, Here, out _))
        {
            left++;
        }

        return AtOnce - left;
    }

    /// <summary>Has seen enough when the state is complete.</summary>
    private sealed class Writer(TestLifetime lifetime) : IServerStreamWriter<V1.WatchEventsResponse>
    {
        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(V1.WatchEventsResponse message)
        {
            if (message.UpdateCase == V1.WatchEventsResponse.UpdateOneofCase.SnapshotComplete)
            {
                lifetime.StopApplication();
            }

            return Task.CompletedTask;
        }

        public Task WriteAsync(V1.WatchEventsResponse message, CancellationToken cancellationToken) => WriteAsync(message);
    }
}
