using ClientFailover.Service.Hosting;
using OpenTelemetry.Exporter;

namespace ClientFailover.Service.Telemetry;

/// <summary>
/// Responsible for how telemetry is sent to a collector. It takes no log: what is sent is the log, too. What cannot be sent is kept in
/// queues of fixed length and then dropped.
/// </summary>
/// <param name="options">The settings.</param>
/// <param name="time">The clock.</param>
internal sealed class OtlpExport(ServiceOptions options, TimeProvider time)
{
    /// <summary>How long one attempt may take.</summary>
    public static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    private readonly OtlpState[] _states = [.. OtlpSignals.Parse(OtlpSignals.All).Select(s => new OtlpState(s, time))];

    /// <summary>How sending goes, for each signal that can be sent.</summary>
    public IReadOnlyList<OtlpState> States => _states;

    /// <summary>Whether the settings say that a signal is sent.</summary>
    /// <param name="options">The settings.</param>
    /// <param name="signal">One of <see cref="OtlpSignals"/>.</param>
    /// <returns>Whether it is.</returns>
    public static bool Sends(ServiceOptions options, string signal) =>
        options.OtlpEndpoint.Length > 0 && OtlpSignals.Parse(options.OtlpSignals).Contains(signal, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a signal is sent.</summary>
    /// <param name="signal">One of <see cref="OtlpSignals"/>.</param>
    /// <returns>Whether it is.</returns>
    public bool Sends(string signal) => Sends(options, signal);

    /// <summary>How to send a signal.</summary>
    /// <param name="signal">One of <see cref="OtlpSignals"/>.</param>
    /// <returns>For its exporter.</returns>
    public OtlpExporterOptions Create(string signal)
    {
        var state = _states.Single(s => s.Signal == signal);
        var isGrpc = IsGrpc(options);
        return new OtlpExporterOptions
        {
            Protocol = isGrpc ? OtlpExportProtocol.Grpc : OtlpExportProtocol.HttpProtobuf,
            Endpoint = isGrpc ? new Uri(options.OtlpEndpoint) : new Uri($"{options.OtlpEndpoint.TrimEnd('/')}/v1/{signal.ToLowerInvariant()}"),
            TimeoutMilliseconds = (int)Timeout.TotalMilliseconds,
            HttpClientFactory = () => Open(state),
        };
    }

    /// <summary>Whether the settings say that it is sent by gRPC.</summary>
    /// <param name="options">The settings.</param>
    /// <returns>False: by HTTP.</returns>
    public static bool IsGrpc(ServiceOptions options) => options.OtlpProtocol.Equals(ServiceOptions.OtlpOverGrpc, StringComparison.OrdinalIgnoreCase);

    private HttpClient Open(OtlpState state)
    {
        var client = new HttpClient(new OtlpHandler(state, new SocketsHttpHandler { AllowAutoRedirect = false, ConnectTimeout = Timeout })) { Timeout = Timeout };
        foreach (var (name, value) in OtlpHeaders.Read(options.OtlpHeadersFile))
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation(name, value);
        }

        return client;
    }
}
