using ClientFailover.Client.Collection;

namespace ClientFailover.Client.Tests.Collection;

/// <summary>
/// A ledger with two components of two streams each, and a clock. Times are seconds since the beginning. In hot mode the components collect, and
/// have missed nothing before, unless they have just started.
/// </summary>
internal sealed class LedgerRig
{
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    private static readonly DateTimeOffset Begin = new(2026, 6, 1, 12, 0, 0, TimeSpan.Zero);

    public LedgerRig(FailoverMode mode = FailoverMode.Hot, bool sourceTimestamps = true, OnServiceLost onServiceLost = OnServiceLost.KeepRole, bool hasJustStarted = false)
    {
        var options = new FailoverOptions
        {
            FailoverTimeout = Timeout,
            Mode = mode,
            SourceTimestamps = sourceTimestamps,
            OnServiceLost = onServiceLost,
        };
        Buffer = new MemoryBuffer(sourceTimestamps);
        Ledger = new Ledger(options, Buffer, Time, Log) { ScoreChanged = () => ScoreChanges++ };
        A = Ledger.AddComponent("a");
        B = Ledger.AddComponent("b");
        Ledger.Select(A, ["a1", "a2"]);
        Ledger.Select(B, ["b1", "b2"]);
        Ledger.Opened();
        if (mode == FailoverMode.Hot)
        {
            Collect(A);
            Collect(B);
            if (!hasJustStarted)
            {
                Ledger.CatchesUp(A);
                Ledger.CatchesUp(B);
            }
        }

        Ledger.Report();
        ScoreChanges = 0;
    }

    public WallClockTime Time { get; } = new(Begin);

    public RecordingLogger Log { get; } = new();

    public MemoryBuffer Buffer { get; }

    public Ledger Ledger { get; }

    public ComponentRecord A { get; }

    public ComponentRecord B { get; }

    public int ScoreChanges { get; set; }

    public float Score => Ledger.Report().FailoverScore;

    /// <summary>The reported watermark in seconds, without the tick that makes it strict.</summary>
    public double? Watermark => Ledger.Report().LastDataProcessedTime is { } time ? Math.Round((time - Begin).TotalSeconds, 3) : null;

    public IEnumerable<double> Buffered => Buffer.Items.Select(i => Math.Round((i.SourceTime - Begin).TotalSeconds, 3));

    public static DateTimeOffset At(double seconds) => Begin.AddSeconds(seconds);

    public void Collect(ComponentRecord component)
    {
        Ledger.Enters(component, ComponentPhase.Started);
        Ledger.Enters(component, ComponentPhase.Connected);
        Ledger.Enters(component, ComponentPhase.Collecting);
    }

    /// <summary>Lets time pass as a process that runs does.</summary>
    public void Pass(double seconds)
    {
        for (var left = TimeSpan.FromSeconds(seconds); left > TimeSpan.Zero; left -= TimeSpan.FromMilliseconds(250))
        {
            Time.Advance(left < TimeSpan.FromMilliseconds(250) ? left : TimeSpan.FromMilliseconds(250));
            Ledger.Tick();
        }
    }

    public void Publish(string stream, double seconds) =>
        Ledger.Publish(stream[0] == 'a' ? A : B, stream, At(seconds), new byte[] { 1 });

    /// <summary>A value of the same time on every stream.</summary>
    public void PublishAll(double seconds)
    {
        foreach (var stream in new[] { "a1", "a2", "b1", "b2" })
        {
            Publish(stream, seconds);
        }
    }

    public void Assume(FailoverRole role, double? lastDataProcessed = null, bool isExact = false, long? term = 1, string? reason = "Test") =>
        Ledger.Assume(new RoleState(role, term, reason, lastDataProcessed is { } s ? At(s) : null, isExact, Time.GetUtcNow()), Timeout);

    /// <summary>The pump sends one batch, if it may.</summary>
    public IReadOnlyList<double> Egress()
    {
        var permit = Ledger.Permit();
        if (!permit.IsGiven)
        {
            return [];
        }

        var items = Buffer.ReadAsync(1_000, 1_000_000, permit.UpTo, default).AsTask().Result;
        if (items.Count == 0 || !Ledger.TrySend(permit, items))
        {
            return [];
        }

        Ledger.Sent(items.Count, 0);
        return [.. items.Select(i => Math.Round((i.SourceTime - Begin).TotalSeconds, 3))];
    }
}
