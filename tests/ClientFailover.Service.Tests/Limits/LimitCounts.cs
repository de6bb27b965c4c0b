using System.Diagnostics.Metrics;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Telemetry;
using Microsoft.Extensions.DependencyInjection;

namespace ClientFailover.Service.Tests.Limits;

/// <summary>A meter of limits, and what it counted.</summary>
internal sealed class LimitCounts : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly MeterListener _listener = new();
    private readonly Dictionary<string, long> _counts = [];

    public LimitCounts()
    {
        var meters = _services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (ReferenceEquals(instrument.Meter.Scope, meters) && instrument.Name == Instruments.LimitsRefused.Name)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((_, value, tags, _) => _counts[(string)tags[0].Value!] = value);
        _listener.Start();
        Meter = new LimitMeter(meters);
    }

    public LimitMeter Meter { get; }

    /// <summary>How often a limit was met.</summary>
    public long this[string limit]
    {
        get
        {
            _listener.RecordObservableInstruments();
            return _counts[limit];
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Meter.Dispose();
        _services.Dispose();
    }
}
