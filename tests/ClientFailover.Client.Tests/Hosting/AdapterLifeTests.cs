using System.Threading.Channels;
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
    private static FailoverOptions Options => new() { FailoverGroupId = "g", Endpoint = new Uri("https://failover.example/") };

    [Test]
    public async Task Stop_WhileItIsStarted_LeavesNothingRunning()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var service = new FakeFailoverService(time);
        var opening = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var component = new CountingComponent();
        var adapter = New(component, new MemoryBuffer(true) { Opening = opening.Task }, time, service);
        var starting = adapter.StartAsync();

        var stopping = adapter.StopAsync();
        Assert.That(stopping.IsCompleted, Is.False, "What is being started cannot be stopped yet.");
        opening.SetResult();

        await stopping.Soon();
        Assert.That(() => starting.Soon(), Throws.InstanceOf<OperationCanceledException>());
        Assert.That(adapter.State.AdapterState, Is.EqualTo(AdapterState.Stopped));
        Assert.That((component.Starts, service.Sessions.Count), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Drain_OrderIsForgottenByTheService_EgressesAgain()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var service = new FakeFailoverService(time);
        var (component, destination) = (new PublishingComponent(), new OpenDestination());
        await using var adapter = New(component, new MemoryBuffer(false), time, service, destination);
        await adapter.StartAsync();
        var session = await service.ConnectedAsync().Soon();
        await session.NextHeartbeatAsync().Soon();
        await component.CollectsAsync();
        await session.AssignAsync(FailoverRole.Primary, "OnlyClientInGroup").Soon();
        await session.OrderDrainAsync(TimeSpan.FromSeconds(5)).Soon();
        component.Context!.Publish("s", time.GetUtcNow(), new byte[] { 1 });

        // A service that was killed right after the order goes on in the old term: longer than the order's time and a failover timeout.
        for (var i = 0; i < 4; i++)
        {
            time.Advance(Options.FailoverTimeout / 3);
            await session.NextHeartbeatAsync().Soon();
        }

        Assert.That(await destination.NextAsync(), Is.EqualTo((1, 1L)));
    }

    [Test]
    public async Task State_ComponentDoesNotReachItsSource_IsDegradedUntilItHasData()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
        var component = new CountingComponent { IsAway = true };
        await using var adapter = New(component, new MemoryBuffer(true), time, new FakeFailoverService(time));
        await adapter.StartAsync().Soon();
        await Eventually.IsTrueAsync(() => component.Attempts == 1);
        Assert.That(adapter.State.AdapterState, Is.EqualTo(AdapterState.Degraded));

        component.IsAway = false;
        await Eventually.IsTrueAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return component.IsCollecting;
        });
        Assert.That(adapter.State.AdapterState, Is.EqualTo(AdapterState.Degraded), "A source that is lost again and again is not there.");
        component.Context!.Publish("s", time.GetUtcNow(), new byte[] { 1 });

        Assert.That(adapter.State.AdapterState, Is.EqualTo(AdapterState.Running));
    }

    private static FailoverAdapter New(
        IAdapterComponent component, MemoryBuffer buffer, FakeTimeProvider time, FakeFailoverService service, IEgress? destination = null) => new(
        Options,
        [component],
        destination ?? new ScriptedEgress(),
        buffer,
        member => Parts.Membership(Options, member, time, NullLoggerFactory.Instance, service),
        time,
        NullLogger.Instance,
        noticesPauses: false);

    private sealed class CountingComponent : IAdapterComponent
    {
        public string Name => "counting";

        public int Starts { get; private set; }

        public int Attempts { get; private set; }

        public bool IsAway { get; set; }

        public bool IsCollecting { get; private set; }

        public IComponentContext? Context { get; private set; }

        public Task StartAsync(IComponentContext context, CancellationToken cancellation)
        {
            Context = context;
            context.SelectStreams(["s"]);
            Starts++;
            return Task.CompletedTask;
        }

        public Task ConnectAsync(CancellationToken cancellation)
        {
            var answer = IsAway ? Task.FromException(new IOException("Nobody answers.")) : Task.CompletedTask;
            Attempts++;
            return answer;
        }

        public Task CollectAsync(CancellationToken cancellation)
        {
            IsCollecting = true;
            return Task.Delay(Timeout.Infinite, cancellation);
        }

        public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;
    }

    /// <summary>A destination that takes everything at once.</summary>
    private sealed class OpenDestination : IEgress
    {
        private readonly Channel<(int Count, long? Term)> _taken = Channel.CreateUnbounded<(int, long?)>();

        public Task<(int Count, long? Term)> NextAsync() => _taken.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Patience);

        public Task SendAsync(IReadOnlyList<DataItem> items, EgressContext context, CancellationToken cancellation)
        {
            _taken.Writer.TryWrite((items.Count, context.Term));
            return Task.CompletedTask;
        }
    }
}
