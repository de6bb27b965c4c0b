using ClientFailover.Client;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Client;

/// <summary>Two adapters on the client library, and a service that goes.</summary>
[TestFixture]
public sealed class OutageTests
{
    [TestCase(FailoverTransport.Stream)]
    [TestCase(FailoverTransport.Rest)]
    public async Task Run_ServiceKilledAndRestarted_RolesKeptAndReconnected(FailoverTransport transport)
    {
        using var folder = DataFolder.Create();
        var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        await using var relay = new Relay(service.Tls);
        await using var a = new Adapter(service, "g", "a", transport, o => Configure(o, relay));
        await a.UntilAsync(FailoverRole.Primary);
        await using var b = new Adapter(service, "g", "b", transport, o => Configure(o, relay));
        await Eventually.IsTrueAsync(() => !b.Member.Told.IsEmpty);
        var whilePrimary = a.Client.WhilePrimary;
        var before = a.Member.Told.Count;

        await service.KillAsync();
        relay.Turn(null);
        await Eventually.IsTrueAsync(() => transport == FailoverTransport.Rest || a.Client.Connection == ConnectionState.Disconnected);
        await service.DisposeAsync();
        service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        relay.Turn(service.Tls);

        var (toldA, toldB) = (a.Member.Told.Count, b.Member.Told.Count);
        await Eventually.IsTrueAsync(() => a.Member.Told.Count > toldA && b.Member.Told.Count > toldB);
        await Eventually.IsTrueAsync(() => a.Client.Connection != ConnectionState.Disconnected && b.Client.Connection != ConnectionState.Disconnected);
        Assert.That(whilePrimary.IsCancellationRequested, Is.False);
        Assert.That(a.Member.Told.Skip(before).Select(s => s.Role), Is.All.EqualTo(FailoverRole.Primary));
        Assert.That(b.Member.Told.Select(s => s.Role), Is.All.EqualTo(FailoverRole.Secondary));
        await a.Client.StopAsync(unregister: false);
        await b.Client.StopAsync(unregister: false);
        await service.DisposeAsync();
    }

    [Test]
    public async Task Run_ServiceStopsInOrder_NoticeReconnectsAtOnce()
    {
        using var folder = DataFolder.Create();
        var service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        await using var relay = new Relay(service.Tls);
        await using var a = new Adapter(service, "g", "a", FailoverTransport.Stream, o => Configure(o, relay));
        await a.UntilAsync(FailoverRole.Primary);
        var before = a.Member.Told.Count;

        await service.StopAsync();
        await service.DisposeAsync();
        service = await RunningService.StartAsync(folder.Path, RunningService.Quick);
        relay.Turn(service.Tls);

        await Eventually.IsTrueAsync(() => a.Member.Told.Count > before && a.Client.Connection == ConnectionState.Stream);
        Assert.That(a.Member.Told.Skip(before).Select(s => (s.Role, s.Term)), Is.All.EqualTo((FailoverRole.Primary, (long?)1)));
        await a.Client.StopAsync(unregister: false);
        await service.DisposeAsync();
    }

    private static void Configure(FailoverOptions options, Relay relay)
    {
        options.FailoverTimeout = TimeSpan.FromSeconds(20);
        options.Endpoint = new UriBuilder(options.Endpoint!) { Port = relay.Port }.Uri;
    }
}
