using ClientFailover.Client.Hosting;
using ClientFailover.Client.Testing;
using ClientFailover.Client.Tests.Collection;
using ClientFailover.Client.Tests.Connection;
using ClientFailover.Client.Tests.Egress;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Hosting;

[TestFixture]
public sealed class AdapterLifeTests
{
    [Test]
    public async Task Stop_WhileItIsStarted_LeavesNothingRunning()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var service = new FakeFailoverService(time);
        var options = new FailoverOptions { FailoverGroupId = "g", Endpoint = new Uri("https://failover.example/") };
        var opening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var component = new CountingComponent();
        var adapter = new FailoverAdapter(
            options,
            [component],
            new ScriptedEgress(),
            new MemoryBuffer(true) { Opening = opening.Task },
            member => Parts.Membership(options, member, time, NullLoggerFactory.Instance, service),
            time,
            NullLogger.Instance,
            noticesPauses: false);
        var starting = adapter.StartAsync();

        var stopping = adapter.StopAsync();
        Assert.That(stopping.IsCompleted, Is.False, "What is being started cannot be stopped yet.");
        opening.SetResult();

        await stopping.Soon();
        Assert.That(() => starting.Soon(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(adapter.State.AdapterState, Is.EqualTo(AdapterState.Stopped));
        Assert.That((component.Starts, service.Sessions.Count), Is.EqualTo((0, 0)));
    }

    private sealed class CountingComponent : IAdapterComponent
    {
        public string Name => "counting";

        public int Starts { get; private set; }

        public Task StartAsync(IComponentContext context, CancellationToken cancellation)
        {
            Starts++;
            return Task.CompletedTask;
        }

        public Task ConnectAsync(CancellationToken cancellation) => Task.CompletedTask;

        public Task CollectAsync(CancellationToken cancellation) => Task.Delay(Timeout.Infinite, cancellation);

        public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
    }
}
