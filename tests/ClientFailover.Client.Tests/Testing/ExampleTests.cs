using ClientFailover.Client.Testing;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Testing;

/// <summary>How an adapter's author tests an adapter: no network, no waiting.</summary>
[TestFixture]
public sealed class ExampleTests
{
    [Test]
    public async Task Handover_PrimaryDrains_StopsWhereItSays()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero));
        var service = new FakeFailoverService(time);
        var sender = new Sender();
        var options = new FailoverOptions { FailoverGroupId = "boiler", Endpoint = new Uri("https://failover.example/api/v1/clientfailover") };
        await using var client = new FailoverClient(options, sender, time, service: service);
        client.Start();

        // It joins as Secondary and reports.
        var session = await service.ConnectedAsync();
        var first = await session.NextHeartbeatAsync();
        Assert.That(first.FailoverScore, Is.EqualTo(100));

        // It becomes Primary.
        await session.AssignAsync(FailoverRole.Primary, "PrimaryTimedOut");
        Assert.That(sender.MaySend, Is.True);

        // It beats every third of the failover timeout.
        time.Advance(options.FailoverTimeout / 3);
        await session.NextHeartbeatAsync();

        // The service is gone for an hour: it goes on.
        service.IsReachable = false;
        time.Advance(TimeSpan.FromHours(1));
        Assert.That(sender.MaySend, Is.True);
        service.IsReachable = true;
        await session.NextHeartbeatAsync();

        // It hands over.
        var stoppedAt = await session.OrderDrainAsync(TimeSpan.FromSeconds(5));
        await session.AssignAsync(FailoverRole.Secondary);
        Assert.That(stoppedAt, Is.EqualTo(sender.LastSent));
        Assert.That(sender.MaySend, Is.False);

        // It leaves.
        await client.StopAsync();
        Assert.That(await session.Left, Is.True);
    }

    private sealed class Sender : IFailoverMember
    {
        public bool MaySend { get; private set; }

        public DateTimeOffset LastSent { get; } = new(2025, 12, 31, 23, 59, 59, TimeSpan.Zero);

        public AdapterReport Report() => new(100, LastSent);

        public void Assume(RoleState state, TimeSpan failoverTimeout) => MaySend = state.Role == FailoverRole.Primary;

        public Task<DateTimeOffset?> DrainAsync(DrainOrder order, CancellationToken cancellation)
        {
            MaySend = false;
            return Task.FromResult<DateTimeOffset?>(LastSent);
        }
    }
}
