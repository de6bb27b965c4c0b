using ClientFailover.Service.Groups;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Limits;
using OpenTelemetry.Logs;

namespace ClientFailover.Service.Telemetry;

/// <summary>
/// Responsible for the order of starting and stopping: what is measured is known from the first request on, and what is left is sent
/// at the end, for a moment: a collector that does not answer must not hold up the stop.
/// </summary>
internal sealed partial class TelemetryLifetime : IHostedService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1.5);

    // Some count for services that come to be with their first call: a series is to be there from the start.
    private static readonly Type[] Meters =
    [
        typeof(GroupMeter), typeof(HeartbeatMeter), typeof(InfoMeter), typeof(LimitMeter), typeof(LogonMeter), typeof(PushMeter),
        typeof(StoreMeter), typeof(StoreStateMeter), typeof(StreamMeter),
    ];

    private readonly MetricCollection _metrics;
    private readonly TraceCollection _traces;
    private readonly OtlpExport _otlp;
    private readonly ServiceOptions _options;
    private readonly IServiceProvider _services;
    private readonly ILogger<TelemetryLifetime> _log;

    /// <summary>Makes the instruments.</summary>
    /// <param name="metrics">The metrics.</param>
    /// <param name="traces">The traces.</param>
    /// <param name="otlp">How to send.</param>
    /// <param name="hub">Tells what happens in groups.</param>
    /// <param name="options">The settings.</param>
    /// <param name="services">The services.</param>
    /// <param name="log">The log.</param>
    public TelemetryLifetime(
        MetricCollection metrics,
        TraceCollection traces,
        OtlpExport otlp,
        WatchHub hub,
        ServiceOptions options,
        IServiceProvider services,
        ILogger<TelemetryLifetime> log)
    {
        (_metrics, _traces, _otlp, _options, _services, _log) = (metrics, traces, otlp, options, services, log);
        foreach (var meter in Meters)
        {
            services.GetRequiredService(meter);
        }

        hub.Published += services.GetRequiredService<RoleMeter>().Happened;
        hub.Published += services.GetRequiredService<ServiceTraces>().Happened;
        foreach (var state in otlp.States)
        {
            state.Changed += Tell;
        }
    }

    /// <inheritdoc/>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        _traces.Start();
        if (_otlp.Sends(OtlpSignals.Metrics))
        {
            _ = _metrics.Provider;
        }

        if (_options.OtlpEndpoint.Length > 0)
        {
            LogSends(string.Join(", ", OtlpSignals.Parse(_options.OtlpSignals)), _options.OtlpEndpoint, _options.OtlpProtocol);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.WhenAll(
        Task.Run(() => _metrics.Shutdown(Patience), CancellationToken.None),
        Task.Run(() => _traces.Shutdown(Patience), CancellationToken.None),
        Task.Run(ShutdownLogs, CancellationToken.None));

    private void ShutdownLogs()
    {
        if (_otlp.Sends(OtlpSignals.Logs))
        {
            _services.GetService<LoggerProvider>()?.Shutdown((int)Patience.TotalMilliseconds);
        }
    }

    private void Tell(OtlpState state, string? problem)
    {
        if (problem is null)
        {
            LogSentAgain(state.Signal, _options.OtlpEndpoint);
        }
        else
        {
            LogNotSent(state.Signal, _options.OtlpEndpoint, problem);
        }
    }

    [LoggerMessage(8200, LogLevel.Information, "{Signals} are sent to {Endpoint} by OTLP over {Protocol}")]
    private partial void LogSends(string signals, string endpoint, string protocol);

    [LoggerMessage(8201, LogLevel.Warning, "{Signal} cannot be sent to {Endpoint}: {Problem}. What does not fit into the queue is dropped; nothing waits for it")]
    private partial void LogNotSent(string signal, string endpoint, string problem);

    [LoggerMessage(8202, LogLevel.Information, "{Signal} can be sent to {Endpoint} again")]
    private partial void LogSentAgain(string signal, string endpoint);
}
