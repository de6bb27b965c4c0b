using System.Diagnostics.Metrics;
using ClientFailover.Service.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace ClientFailover.Service.Tests.Telemetry;

/// <summary>A meter of a test's own, and everything that is read from it.</summary>
internal sealed class MeterReading : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly List<(string Name, double Value, string Labels)> _seen = [];

    public MeterReading()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters))
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Take(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Take(i, value, tags));
        _listener.Start();
        Meter = new ServiceMeter(meters);
    }

    public ServiceMeter Meter { get; }

    /// <summary>What is there now: of gauges and counters the value, of histograms every time that was measured so far.</summary>
    /// <param name="info">The metric.</param>
    /// <param name="labels">Its labels, as "name=value,name=value" in the order they are given.</param>
    public double[] Read(InstrumentInfo info, string labels = "")
    {
        lock (_seen)
        {
            _seen.RemoveAll(s => Instruments.All.Any(i => i.Name == s.Name && i.Kind != InstrumentKind.Histogram));
        }

        _listener.RecordObservableInstruments();
        lock (_seen)
        {
            return [.. _seen.Where(s => s.Name == info.Name && s.Labels == labels).Select(s => s.Value)];
        }
    }

    /// <summary>Every series of a metric that is not zero.</summary>
    public Dictionary<string, double> ReadAll(InstrumentInfo info)
    {
        Read(info);
        lock (_seen)
        {
            return _seen.Where(s => s.Name == info.Name && s.Value != 0).ToDictionary(s => s.Labels, s => s.Value);
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Meter.Dispose();
        _services.Dispose();
    }

    private void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = string.Join(',', tags.ToArray().Select(t => $"{t.Key}={t.Value}"));
        lock (_seen)
        {
            _seen.Add((instrument.Name, value, labels));
        }
    }
}
