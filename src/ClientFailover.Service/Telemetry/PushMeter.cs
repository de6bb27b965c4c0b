using System.Diagnostics.Metrics;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for how long roles take to their adapters' streams.</summary>
/// <param name="meter">The meter.</param>
internal sealed class PushMeter(ServiceMeter meter)
{
    private readonly Histogram<double> _push = meter.Measure(Instruments.Push);

    /// <summary>A role was handed to a stream.</summary>
    /// <param name="time">How long after it was decided.</param>
    public void Pushed(TimeSpan time) => _push.Record(time.TotalSeconds);
}
