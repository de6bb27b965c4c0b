using System.Diagnostics.Metrics;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for making the instruments of <see cref="Instruments"/>, all of one meter.</summary>
internal sealed class ServiceMeter : IDisposable
{
    /// <summary>Name of the meter, which limits and health messages have, too.</summary>
    public const string Name = "ClientFailover.Service";

    // From a commit on fast flash to a failover timeout of minutes; what is measured in between is of interest by its order of magnitude.
    private static readonly InstrumentAdvice<double> Bounds = new()
    {
        HistogramBucketBoundaries = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120],
    };

    private readonly Meter _meter;

    /// <summary>Makes the meter.</summary>
    /// <param name="meters">Makes meters.</param>
    public ServiceMeter(IMeterFactory meters) => _meter = meters.Create(Name);

    /// <summary>Makes a counter that is looked at when somebody collects: counting costs whoever counts an addition.</summary>
    /// <param name="info">What it is.</param>
    /// <param name="observe">Tells the value of each series.</param>
    public void Count(InstrumentInfo info, Func<IEnumerable<Measurement<long>>> observe) =>
        _meter.CreateObservableCounter(info.Name, observe, info.Unit, info.Meaning);

    /// <summary>Makes a gauge of whole numbers.</summary>
    /// <param name="info">What it is.</param>
    /// <param name="observe">Tells the value of each series.</param>
    public void Show(InstrumentInfo info, Func<IEnumerable<Measurement<long>>> observe) =>
        _meter.CreateObservableGauge(info.Name, observe, info.Unit, info.Meaning);

    /// <summary>Makes a gauge of times.</summary>
    /// <param name="info">What it is.</param>
    /// <param name="observe">Tells the value, or none.</param>
    public void ShowTime(InstrumentInfo info, Func<IEnumerable<Measurement<double>>> observe) =>
        _meter.CreateObservableGauge(info.Name, observe, info.Unit, info.Meaning);

    /// <summary>Makes a histogram of times.</summary>
    /// <param name="info">What it is.</param>
    /// <returns>The histogram.</returns>
    public Histogram<double> Measure(InstrumentInfo info) =>
        _meter.CreateHistogram(info.Name, info.Unit, info.Meaning, tags: null, Bounds);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
