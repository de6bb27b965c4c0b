using System.Diagnostics;
using System.Diagnostics.Metrics;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for what is told of the store's writes, in metrics and in the traces of requests. For the store's thread alone.</summary>
internal sealed class StoreMeter
{
    private readonly long[] _writes = new long[Labels<StoreOutcome>.All.Count];
    private readonly Histogram<double> _commit;
    private readonly ServiceTraces _traces;
    private long _failures;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="traces">The traces.</param>
    public StoreMeter(ServiceMeter meter, ServiceTraces traces)
    {
        _traces = traces;
        _commit = meter.Measure(Instruments.Commit);
        meter.Count(Instruments.StoreFailures, () => [new Measurement<long>(Volatile.Read(ref _failures))]);
        meter.Count(Instruments.StoreWrites, () => _writes.Select((_, i) => new Measurement<long>(
            Volatile.Read(ref _writes[i]), new KeyValuePair<string, object?>("outcome", Labels<StoreOutcome>.All[i]))));
    }

    /// <summary>Writes were committed.</summary>
    /// <param name="writes">The writes.</param>
    /// <param name="started">When the commit began, as <see cref="Stopwatch.GetTimestamp"/> tells.</param>
    public void Committed(IReadOnlyList<StoreWrite> writes, long started)
    {
        var time = Stopwatch.GetElapsedTime(started);
        _commit.Record(time.TotalSeconds);
        _traces.Committed(writes, time);
    }

    /// <summary>A commit, or the attempt to write again, failed.</summary>
    public void Failed() => Volatile.Write(ref _failures, _failures + 1);

    /// <summary>It is known what became of a write.</summary>
    /// <param name="outcome">What did.</param>
    public void Completed(StoreOutcome outcome) => Volatile.Write(ref _writes[(int)outcome], _writes[(int)outcome] + 1);
}
