using ClientFailover.Client.Collection;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Collection;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ComponentRunnerTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLogger _log = new();
    private readonly ScriptedComponent _component = new();
    private Ledger _ledger = null!;
    private ComponentRunner _runner = null!;
    private Task _running = null!;

    [TearDown]
    public async Task Stop()
    {
        _component.IgnoresCancellation = false;
        _runner.Stop();
        await _running.WaitAsync(Eventually.Patience);
    }

    [Test]
    public async Task Run_Hot_StartsConnectsAndCollects()
    {
        Run(FailoverMode.Hot);
        await CollectsAsync();

        Assert.That(_component.Calls, Is.EqualTo(new[] { "start", "connect", "collect" }));
        Assert.That(_ledger.Report().FailoverScore, Is.EqualTo(1), "it has just started");
    }

    [Test]
    public async Task Run_Warm_CollectsAsPrimaryOnly()
    {
        Run(FailoverMode.Warm);
        await Eventually.IsTrueAsync(() => _runner.IsIdle);
        Assert.That(_component.Calls, Is.EqualTo(new[] { "start", "connect" }));

        Assume(FailoverRole.Primary);
        await CollectsAsync();
        Assume(FailoverRole.Secondary);
        await Eventually.IsTrueAsync(() => _runner.IsIdle);

        Assert.That(_component.Calls, Is.EqualTo(new[] { "start", "connect", "collect" }));
        Assert.That(_component.IsCollecting, Is.False);
    }

    [Test]
    public async Task Run_Cold_StartsWhenChosenAndStopsWhenRelieved()
    {
        Run(FailoverMode.Cold);
        await Eventually.IsTrueAsync(() => _runner.IsIdle);
        Assert.That(_component.Calls, Is.Empty);

        Assume(FailoverRole.PendingPrimary);
        await CollectsAsync();
        Assume(FailoverRole.Secondary);
        await Eventually.IsTrueAsync(() => _runner.IsIdle);

        Assert.That(_component.Calls, Is.EqualTo(new[] { "start", "connect", "collect", "stop" }));
    }

    [Test]
    public async Task Run_ModeChanges_FollowsAtOnce()
    {
        Run(FailoverMode.Hot);
        await CollectsAsync();

        _ledger.ChangeMode(FailoverMode.Cold);
        await Eventually.IsTrueAsync(() => _runner.IsIdle);
        Assert.That(_component.Calls[^1], Is.EqualTo("stop"));
        _ledger.ChangeMode(FailoverMode.Warm);
        await Eventually.IsTrueAsync(() => _runner.IsIdle && _runner.IsSettled);

        Assert.That(_component.Calls.TakeLast(2), Is.EqualTo(new[] { "start", "connect" }));
    }

    [Test]
    public async Task Connect_Fails_StopsAndTriesAgainLoggedOnceUntilResolved()
    {
        _component.FailuresToConnect = 3;
        Run(FailoverMode.Hot);
        for (var i = 0; i < 3; i++)
        {
            await Eventually.IsTrueAsync(() => _runner.IsIdle && _component.Calls.Count(c => c == "stop") == i + 1);
            Assert.That(_ledger.Report().FailoverScore, Is.Zero);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        await CollectsAsync();
        Assert.That(_log.Count(7210), Is.EqualTo(1));
        Assert.That(_log.Count(7211), Is.Zero, "not before it has shown that the source is there");
        _component.Context!.Publish("s", _time.GetUtcNow(), new byte[] { 1 });
        Assert.That(_log.Count(7211), Is.EqualTo(1));
    }

    [Test]
    public async Task Collect_ReturnsByItself_IsALossOfTheSource()
    {
        Run(FailoverMode.Hot);
        await CollectsAsync();

        _component.EndCollection();
        await Eventually.IsTrueAsync(() => _runner.IsIdle);

        Assert.That(_component.Calls[^1], Is.EqualTo("stop"));
        Assert.That(_ledger.Report().FailoverScore, Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(1));
        await CollectsAsync();
    }

    [Test]
    public async Task Collect_IgnoresCancellation_IsComplainedAboutAndNeverOverlapped()
    {
        _component.IgnoresCancellation = true;
        Run(FailoverMode.Hot);
        await CollectsAsync();

        _ledger.ChangeMode(FailoverMode.Cold);
        _ledger.ChangeMode(FailoverMode.Hot);
        _ledger.ChangeMode(FailoverMode.Cold);
        _time.Advance(TimeSpan.FromSeconds(6));

        Assert.That(_log.Count(7213), Is.EqualTo(1));
        Assert.That(_component.Calls, Is.EqualTo(new[] { "start", "connect", "collect" }));
        _component.EndCollection();
        await Eventually.IsTrueAsync(() => _runner.IsIdle);
        Assert.That(_component.Calls[^1], Is.EqualTo("stop"));
    }

    [Test]
    public async Task Collect_RecalledAndWantedAgainBeforeItEnds_IsNoFailure()
    {
        _component.IgnoresCancellation = true;
        Run(FailoverMode.Hot);
        await CollectsAsync();

        _ledger.ChangeMode(FailoverMode.Warm);
        _ledger.ChangeMode(FailoverMode.Hot);
        _component.IgnoresCancellation = false;
        _component.CancelCollection();
        await Eventually.IsTrueAsync(() => _component.Calls.Count(c => c == "collect") == 2);

        Assert.That(_component.Calls, Is.EqualTo(new[] { "start", "connect", "collect", "collect" }));
        Assert.That(_log.Count(7210), Is.Zero);
    }

    [Test]
    public async Task Stop_IgnoresCancellation_IsComplainedAbout()
    {
        var stopping = new TaskCompletionSource();
        _component.Stopping = stopping.Task;
        Run(FailoverMode.Hot);
        await CollectsAsync();

        _ledger.ChangeMode(FailoverMode.Cold);
        await Eventually.IsTrueAsync(() => _component.Calls[^1] == "stop");
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.That(_log.Count(7213), Is.Zero);
        _time.Advance(TimeSpan.FromSeconds(2));
        Assert.That(_log.Count(7213), Is.EqualTo(1));

        stopping.SetResult();
        await Eventually.IsTrueAsync(() => _runner.IsIdle);
        _time.Advance(TimeSpan.FromMinutes(1));
        Assert.That(_log.Count(7213), Is.EqualTo(1));
    }

    [Test]
    public async Task Context_AfterTheStop_IsNotHeard()
    {
        Run(FailoverMode.Hot);
        await CollectsAsync();
        var context = _component.Context!;
        _ledger.ChangeMode(FailoverMode.Cold);
        await Eventually.IsTrueAsync(() => _runner.IsIdle);

        context.Publish("s", _time.GetUtcNow(), new byte[] { 1 });

        Assert.That(_ledger.Collected, Is.Zero);
    }

    private void Run(FailoverMode mode)
    {
        var options = new FailoverOptions { FailoverTimeout = TimeSpan.FromMinutes(1), Mode = mode };
        _ledger = new Ledger(options, new MemoryBuffer(false), _time, _log);
        _runner = new ComponentRunner(_component, _ledger, _time, _log);
        _ledger.DutiesChanged = _runner.Review;
        _ledger.Opened();
        _running = _runner.RunAsync();
    }

    private void Assume(FailoverRole role) =>
        _ledger.Assume(new RoleState(role, 1, "Test", null, false, _time.GetUtcNow()), TimeSpan.FromMinutes(1));

    private Task CollectsAsync() => Eventually.IsTrueAsync(() => _component.IsCollecting);

    private sealed class ScriptedComponent : IAdapterComponent
    {
        private readonly Lock _sync = new();
        private readonly List<string> _calls = [];
        private TaskCompletionSource? _collecting;

        public string Name => "scripted";

        public int FailuresToConnect { get; set; }

        public bool IgnoresCancellation { get; set; }

        public Task Stopping { get; set; } = Task.CompletedTask;

        public IComponentContext? Context { get; private set; }

        public bool IsCollecting { get; private set; }

        public IReadOnlyList<string> Calls
        {
            get
            {
                lock (_sync)
                {
                    return [.. _calls];
                }
            }
        }

        public Task StartAsync(IComponentContext context, CancellationToken cancellation)
        {
            Called("start");
            Context = context;
            context.SelectStreams(["s"]);
            return Task.CompletedTask;
        }

        public Task ConnectAsync(CancellationToken cancellation)
        {
            Called("connect");
            return FailuresToConnect-- > 0 ? Task.FromException(new IOException("no")) : Task.CompletedTask;
        }

        public async Task CollectAsync(CancellationToken cancellation)
        {
            Called("collect");
            var collecting = _collecting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            IsCollecting = true;
            try
            {
                await (IgnoresCancellation ? collecting.Task : collecting.Task.WaitAsync(cancellation));
            }
            finally
            {
                IsCollecting = false;
            }
        }

        public Task StopAsync(CancellationToken cancellation)
        {
            Called("stop");
            return Stopping;
        }

        public void EndCollection() => _collecting!.TrySetResult();

        public void CancelCollection() => _collecting!.TrySetCanceled();

        private void Called(string call)
        {
            lock (_sync)
            {
                _calls.Add(call);
            }
        }
    }
}
