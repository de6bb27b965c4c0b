using ClientFailover.Client.Collection;
using ClientFailover.Client.Egress;
using ClientFailover.Client.Tests.Collection;
using Microsoft.Extensions.Time.Testing;

namespace ClientFailover.Client.Tests.Egress;

/// <summary>A ledger with one stream, and a pump that sends to a destination the test answers for.</summary>
internal sealed class EgressRig : IAsyncDisposable
{
    private static readonly DateTimeOffset Begin = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _pumping;
    private readonly ComponentRecord _component;

    public EgressRig(FailoverMode mode = FailoverMode.Hot)
    {
        var options = new FailoverOptions { FailoverTimeout = Timeout, SourceTimestamps = true, Mode = mode };
        Buffer = new MemoryBuffer(sourceTimestamps: true);
        Ledger = new Ledger(options, Buffer, Time, Log);
        Pump = new EgressPump(Ledger, Buffer, Destination, Time, Log);
        Drain = new Drain(Ledger, Time);
        Ledger.CutCleared = Drain.Wake;
        Ledger.Progressed = () =>
        {
            Pump.Wake();
            Drain.Wake();
        };
        Ledger.DutiesChanged = () =>
        {
            Pump.ReviewPermit();
            Drain.Wake();
        };
        _component = Ledger.AddComponent("a");
        Ledger.Select(_component, ["s"]);
        Ledger.Opened();
        Ledger.Enters(_component, ComponentPhase.Collecting);
        _pumping = Pump.RunAsync(_stop.Token);
    }

    public FakeTimeProvider Time { get; } = new(Begin);

    public RecordingLogger Log { get; } = new();

    public MemoryBuffer Buffer { get; }

    public Ledger Ledger { get; }

    public EgressPump Pump { get; }

    public Drain Drain { get; }

    public ScriptedEgress Destination { get; } = new();

    public static DateTimeOffset At(double seconds) => Begin.AddSeconds(seconds);

    public void Publish(params double[] seconds)
    {
        foreach (var second in seconds)
        {
            Ledger.Publish(_component, "s", At(second), new byte[] { 1 });
        }
    }

    public void Progress(double seconds) => Ledger.Progress(_component, At(seconds));

    public void LoseSource() => Ledger.Fails(_component);

    public void Assume(FailoverRole role, long? term = 1, DateTimeOffset? group = null) =>
        Ledger.Assume(new RoleState(role, term, "Test", group, false, Time.GetUtcNow()), Timeout);

    public Task IdleAsync() => Eventually.IsTrueAsync(() => Pump.IsIdle);

    /// <summary>Lets time pass as a process that runs does.</summary>
    public void Pass(double seconds)
    {
        for (var left = seconds; left > 0; left -= 0.25)
        {
            Time.Advance(TimeSpan.FromSeconds(Math.Min(left, 0.25)));
            Ledger.Tick();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _pumping;
        _stop.Dispose();
    }
}
