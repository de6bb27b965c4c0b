using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using Microsoft.Extensions.DependencyInjection.Extensions;
using OpenTelemetry;
using OpenTelemetry.Exporter;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for putting metrics, traces and the sending of logs into the service.</summary>
internal static class TelemetryRegistration
{
    /// <summary>Adds them. Not before the log, whose providers it adds to.</summary>
    /// <param name="builder">The service under construction.</param>
    /// <param name="options">The settings.</param>
    /// <returns>The same.</returns>
    public static WebApplicationBuilder AddTelemetry(this WebApplicationBuilder builder, ServiceOptions options)
    {
        builder.Services.AddMeters();
        builder.Services.AddSingleton<GroupMeter>();
        builder.Services.AddSingleton<StoreStateMeter>();
        builder.Services.AddSingleton<InfoMeter>();
        builder.Services.AddSingleton<RoleMeter>();
        builder.Services.AddSingleton<OtlpExport>();
        builder.Services.AddSingleton<MetricCollection>();
        builder.Services.AddSingleton<TraceCollection>();
        builder.Services.AddSingleton<ScrapeEndpoint>();
        builder.Services.AddHostedService<TelemetryLifetime>();
        if (OtlpExport.Sends(options, OtlpSignals.Logs))
        {
            builder.Logging.AddOpenTelemetry(log =>
            {
                log.IncludeFormattedMessage = true;
                log.SetResourceBuilder(TelemetryResource.Create());
                log.AddProcessor(s => new BatchLogRecordExportProcessor(new OtlpLogExporter(s.GetRequiredService<OtlpExport>().Create(OtlpSignals.Logs))));
            });
        }

        return builder;
    }

    /// <summary>Adds what others count with. May be called by each of them.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same.</returns>
    public static IServiceCollection AddMeters(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ServiceMeter>();
        services.TryAddSingleton<ServiceTraces>();
        services.TryAddSingleton<HeartbeatMeter>();
        services.TryAddSingleton<LogonMeter>();
        services.TryAddSingleton<PushMeter>();
        services.TryAddSingleton<StoreMeter>();
        services.TryAddSingleton<StreamMeter>();
        return services;
    }

    /// <summary>Maps the endpoint for Prometheus, if the settings say so.</summary>
    /// <param name="app">The service.</param>
    /// <returns>The same.</returns>
    public static WebApplication MapTelemetry(this WebApplication app)
    {
        if (app.Services.GetRequiredService<ServiceOptions>().MetricsEndpoint)
        {
            // The metrics are of all tenants together.
            app.MapGet(ScrapeEndpoint.Path, app.Services.GetRequiredService<ScrapeEndpoint>().AnswerAsync)
                .RequireAuthorization(Policies.ServiceUsers)
                .DisableHttpMetrics();
        }

        return app;
    }
}
