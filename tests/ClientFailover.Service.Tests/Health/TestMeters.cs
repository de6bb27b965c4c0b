using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ClientFailover.Service.Tests.Health;

/// <summary>Meters of one test, and what was counted by them: "instrument|label=value|..." and how often.</summary>
internal sealed class TestMeters : IMeterFactory
{
    private readonly ConcurrentBag<Meter> _meters = [];
    private readonly ConcurrentDictionary<string, long> _counts = new();
    private readonly MeterListener _listener = new();

    public TestMeters()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (_meters.Contains(instrument.Meter))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, labels, _) => _counts.AddOrUpdate(Name(instrument, labels), value, (_, old) => old + value));
        _listener.SetMeasurementEventCallback<int>((instrument, value, labels, _) => _counts[Name(instrument, labels)] = value);
        _listener.Start();
    }

    public Meter Create(MeterOptions options)
    {
        var meter = new Meter(options);
        _meters.Add(meter);
        return meter;
    }

    public IReadOnlyDictionary<string, long> Counts
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _counts;
        }
    }

    public long Of(string name) => Counts.GetValueOrDefault(name);

    public long Sum(string prefix) => Counts.Where(c => c.Key.StartsWith(prefix, StringComparison.Ordinal)).Sum(c => c.Value);

    public void Dispose()
    {
        _listener.Dispose();
        foreach (var meter in _meters)
        {
            meter.Dispose();
        }
    }

    private static string Name(Instrument instrument, ReadOnlySpan<KeyValuePair<string, object?>> labels) =>
        string.Join('|', labels.ToArray().Select(l => $"{l.Key}={l.Value}").Order(StringComparer.Ordinal).Prepend(instrument.Name));
}
