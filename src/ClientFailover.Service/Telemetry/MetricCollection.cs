using System.Diagnostics.Metrics;
using ClientFailover.Service.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Metrics;

namespace ClientFailover.Service.Telemetry;

/// <summary>
/// Responsible for collecting the metrics of the service, the web server and the runtime, for whoever scrapes or is sent them. It
/// comes to be when it is first asked for: where nobody asks, nothing is held in memory and no request pays for being measured.
/// </summary>
internal sealed class MetricCollection : IDisposable
{
    // By semantic conventions; finer than they recommend below, where this service's answers lie.
    private static readonly double[] RequestBounds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

    private readonly ServiceOptions _options;
    private readonly OtlpExport _otlp;
    private readonly Lazy<MeterProvider> _provider;

    /// <summary>Collects nothing yet.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="otlp">How to send.</param>
    public MetricCollection(ServiceOptions options, OtlpExport otlp)
    {
        (_options, _otlp) = (options, otlp);
        _provider = new Lazy<MeterProvider>(Create);
    }

    /// <summary>What collects; from now on everything is measured.</summary>
    public MeterProvider Provider => _provider.Value;

    /// <summary>Sends what is left and ends collecting.</summary>
    /// <param name="patience">How long that may take.</param>
    public void Shutdown(TimeSpan patience)
    {
        if (_provider.IsValueCreated)
        {
            _provider.Value.Shutdown((int)patience.TotalMilliseconds);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_provider.IsValueCreated)
        {
            _provider.Value.Dispose();
        }
    }

    private MeterProvider Create()
    {
        var builder = Sdk.CreateMeterProviderBuilder()
            .SetResourceBuilder(TelemetryResource.Create())
            .AddMeter(ServiceMeter.Name, "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel", "System.Runtime")
            .AddProcessInstrumentation()
            .AddView(Limit);
        if (_options.MetricsEndpoint)
        {
            // Every series is of this one process: labels that say so would only be in the way of queries.
            builder.AddPrometheusExporter(o => o.ScopeInfoEnabled = false);
        }

        if (_otlp.Sends(OtlpSignals.Metrics))
        {
            builder.AddReader(new PeriodicExportingMetricReader(
                new OtlpMetricExporter(_otlp.Create(OtlpSignals.Metrics)), (int)_options.OtlpMetricsInterval.TotalMilliseconds, (int)OtlpExport.Timeout.TotalMilliseconds));
        }

        return builder.Build();
    }

    /// <summary>
    /// How many series a metric may have. The library holds memory for all of them from the start, of two thousand unless it is told
    /// otherwise; what is beyond is one series more.
    /// </summary>
    private MetricStreamConfiguration Limit(Instrument instrument) => instrument.Name switch
    {
        "http.server.request.duration" => new ExplicitBucketHistogramConfiguration
        {
            Boundaries = RequestBounds,
            TagKeys = ["http.request.method", "http.route", "http.response.status_code"],
            CardinalityLimit = 500,
        },
        var name when Instruments.OfOneGroup.Any(i => i.Name == name) => new MetricStreamConfiguration { CardinalityLimit = _options.MetricsGroups + 1 },
        _ => new MetricStreamConfiguration { CardinalityLimit = 60 },
    };
}
