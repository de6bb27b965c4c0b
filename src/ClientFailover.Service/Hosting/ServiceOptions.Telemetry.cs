namespace ClientFailover.Service.Hosting;

/// <content>Telemetry.</content>
internal sealed partial record ServiceOptions
{
    /// <summary>Value of <see cref="OtlpProtocol"/>: gRPC.</summary>
    public const string OtlpOverGrpc = "Grpc";

    /// <summary>Value of <see cref="OtlpProtocol"/>: protobuf over HTTP/1.1.</summary>
    public const string OtlpOverHttp = "HttpProtobuf";

    /// <summary>
    /// Whether Prometheus can scrape <c>/metrics</c>, with the credentials of a user or administrator who belongs to no tenant.
    /// Default true; it costs nothing before the first scrape.
    /// </summary>
    public bool MetricsEndpoint { get; init; } = true;

    /// <summary>
    /// How many groups have metrics of their own, which are labelled with their names: the first so many since the start; one that is
    /// deleted keeps its place. Default 0; 1000 at most.
    /// </summary>
    public int MetricsGroups { get; init; }

    /// <summary>
    /// Address of the collector that telemetry is sent to by OTLP, such as <c>https://collector:4317</c>; over HTTP the base, to
    /// which <c>/v1/metrics</c> and so on are appended. Default none: nothing is sent.
    /// </summary>
    public string OtlpEndpoint { get; init; } = string.Empty;

    /// <summary>How it is sent: Grpc or HttpProtobuf. Default Grpc.</summary>
    public string OtlpProtocol { get; init; } = OtlpOverGrpc;

    /// <summary>
    /// Path of a file with headers that are sent along, by which the collector knows the service: lines <c>Name: value</c>. Default
    /// none. The headers themselves are secrets, and no setting.
    /// </summary>
    public string OtlpHeadersFile { get; init; } = string.Empty;

    /// <summary>What is sent: Metrics, Traces, Logs; several are separated by commas. Default all three.</summary>
    public string OtlpSignals { get; init; } = Telemetry.OtlpSignals.All;

    /// <summary>How often metrics are sent. Default 1 min; 1 s to 1 h.</summary>
    public TimeSpan OtlpMetricsInterval { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Which share of requests is traced, 0 to 1. Default 0.01. Takeovers always are, streams and what is said on them never.
    /// </summary>
    public double OtlpTraceRatio { get; init; } = 0.01;
}
