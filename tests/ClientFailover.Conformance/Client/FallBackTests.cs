using ClientFailover.Client;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Client;

/// <summary>
/// From the stream to REST while the adapter runs, as when a proxy in between ceases to let HTTP/2 through. The service waits for a broken
/// stream longer than these tests do. The way back takes a minute, and is tested in virtual time.
/// </summary>
[TestFixture]
public sealed class FallBackTests : OwnService
{
    private protected override string[] Settings => [.. RunningService.Quick, "--ConnectionLossGrace", "00:05:00"];

    [Test]
    public async Task Run_StreamCutAndRefused_PrimaryGoesOnOverRest()
    {
        var group = CallerActions.NewId();
        await using var relay = new Relay(Service.Grpc);
        await using var a = new Adapter(Service, group, "a", FailoverTransport.Auto, o => Configure(o, relay));
        await a.UntilAsync(FailoverRole.Primary);
        Assert.That(a.Client.Connection, Is.EqualTo(ConnectionState.Stream));
        await using var b = new Adapter(Service, group, "b", FailoverTransport.Stream);
        await Eventually.IsTrueAsync(() => Caller.IsCandidateAsync(group, "b"));
        var whilePrimary = a.Client.WhilePrimary;

        relay.Turn(Service.Http);
        await Eventually.IsTrueAsync(() => a.Client.Connection == ConnectionState.Rest);

        await ReportedAsync(group, a, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        Assert.That(a.Client.Connection, Is.EqualTo(ConnectionState.Rest));
        Assert.That(whilePrimary.IsCancellationRequested, Is.False);
        Assert.That(a.Member.Told.SkipWhile(s => s.Role != FailoverRole.Primary).Select(s => s.Role), Is.All.EqualTo(FailoverRole.Primary));
        Assert.That(b.Member.Told.Select(s => s.Role), Is.All.EqualTo(FailoverRole.Secondary));
        Assert.That((await Caller.SessionAsync(group, "a")).Role, Is.EqualTo(V1.Role.Primary));
        var history = await Caller.Events.ListEventsAsync(new V1.ListEventsRequest { GroupId = group, Count = 100 });
        Assert.That(history.Events.Where(e => e.HasNewRole).Select(e => (e.SessionId, e.Term, e.NewRole)), Is.EqualTo(new[] { ("a", 1L, V1.Role.Primary) }));
    }

    private void Configure(FailoverOptions options, Relay relay) =>
        options.Endpoint = new UriBuilder(Uri.UriSchemeHttp, Service.Grpc.Host, relay.Port, options.Endpoint!.AbsolutePath).Uri;

    /// <summary>Has it report a time, and waits until the service has taken that for the Primary's.</summary>
    private async Task ReportedAsync(string group, Adapter adapter, DateTimeOffset time)
    {
        adapter.Member.Reported = adapter.Member.Reported with { LastDataProcessedTime = time };
        adapter.Client.ReportSoon();
        await Eventually.IsTrueAsync(async () => (await Caller.StatusAsync(group)).LastDataProcessedTime?.ToDateTimeOffset() == time);
    }
}
