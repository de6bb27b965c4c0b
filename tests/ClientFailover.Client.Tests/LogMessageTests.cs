using System.Reflection;
using ClientFailover.Client.Hosting;
using ClientFailover.Client.Testing;
using ClientFailover.Client.Tests.Collection;
using ClientFailover.Client.Tests.Egress;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests;

/// <summary>People filter and alert by the ids of log messages, each of one message, and read them.</summary>
public sealed class LogMessageTests
{
    [Test]
    public void EventIds_OfAllMessages_AreUnique()
    {
        const BindingFlags any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var ids = typeof(FailoverAdapter).Assembly.GetTypes()
            .SelectMany(t => t.GetMethods(any))
            .Select(m => m.GetCustomAttribute<LoggerMessageAttribute>()?.EventId)
            .OfType<int>()
            .ToList();

        Assert.That(ids, Has.Count.GreaterThan(30), "They are found.");
        Assert.That(ids, Is.Unique);
        Assert.That(ids, Is.All.InRange(7000, 7999));
    }

    [Test]
    public async Task Roles_ToldWithoutReason_ReadWell()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var service = new FakeFailoverService(time);
        var log = new RecordingLogger();
        var options = new FailoverOptions { FailoverGroupId = "g", FailoverTimeout = TimeSpan.FromSeconds(30), Endpoint = new Uri("https://failover.example/") };
        await using (var adapter = new FailoverAdapter(
            options, [new IdleComponent()], new ScriptedEgress(), new MemoryBuffer(true), member => Parts.Membership(options, member, time, log, service), time, log, false))
        {
            await adapter.StartAsync();
            var session = await service.ConnectedAsync().WaitAsync(Eventually.Patience);
            await session.NextHeartbeatAsync().WaitAsync(Eventually.Patience);
            await session.AssignAsync(FailoverRole.Primary).WaitAsync(Eventually.Patience);
            await session.OrderDrainAsync(TimeSpan.FromSeconds(5), reason: null).WaitAsync(Eventually.Patience);
        }

        var roles = log.Entries.Where(e => e.Id == 7600).Select(e => e.Text).ToList();
        Assert.That(roles[0], Is.EqualTo("Secondary in term 0 (no reason told). The group has egressed up to a time not told, exact: False."));
        Assert.That(log.Count(7601), Is.GreaterThan(0));
        Assert.That(log.Count(7602), Is.GreaterThan(0));
        Assert.That(log.Entries.Select(e => e.Text), Has.None.Contains("(null)"));
    }

    private sealed class IdleComponent : IAdapterComponent
    {
        public string Name => "idle";

        public Task StartAsync(IComponentContext context, CancellationToken cancellation)
        {
            context.SelectStreams(["s"]);
            return Task.CompletedTask;
        }

        public Task ConnectAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task CollectAsync(CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);

        public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
    }
}
