using ClientFailover.Service.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Trace;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for collecting traces and sending them, if the settings say so.</summary>
/// <param name="options">The settings.</param>
/// <param name="otlp">How to send.</param>
internal sealed class TraceCollection(ServiceOptions options, OtlpExport otlp) : IDisposable
{
    // A stream would be a span of months; probes and scrapes come every few seconds and tell nothing.
    private static readonly string[] Untraced = ["/clientfailover.v1.AdapterService", "/healthz", ScrapeEndpoint.Path, "/grpc.health.v1.Health"];

    private TracerProvider? _provider;

    /// <summary>Starts collecting.</summary>
    public void Start()
    {
        if (otlp.Sends(OtlpSignals.Traces))
        {
            _provider = Sdk.CreateTracerProviderBuilder()
                .SetResourceBuilder(TelemetryResource.Create())
                .SetSampler(new RequestSampler(options.OtlpTraceRatio))
                .AddSource(ServiceTraces.Name)
                .AddAspNetCoreInstrumentation(o => o.Filter = IsTraced)
                .AddProcessor(new BatchActivityExportProcessor(new OtlpTraceExporter(otlp.Create(OtlpSignals.Traces))))
                .Build();
        }
    }

    /// <summary>Sends what is left and ends collecting.</summary>
    /// <param name="patience">How long that may take.</param>
    public void Shutdown(TimeSpan patience) => _provider?.Shutdown((int)patience.TotalMilliseconds);

    /// <inheritdoc/>
    public void Dispose() => _provider?.Dispose();

    private static bool IsTraced(HttpContext http) => !Array.Exists(Untraced, p => http.Request.Path.StartsWithSegments(p, StringComparison.OrdinalIgnoreCase));
}
