using ClientFailover.Service.Limits;
using ClientFailover.Service.Liveness;
using Microsoft.AspNetCore.Diagnostics.HealthChecks;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for the probes. <c>/healthz/live</c>, to everybody: the process answers, and no thread that it lives by is stuck, which is
/// what systemd's watchdog is told. <c>/healthz/ready</c>, to authenticated callers: besides, it is not stopping. The health
/// service of gRPC says the same as the second. A feature takes part by a health check with one of the tags.
/// </summary>
internal static class HealthRegistration
{
    /// <summary>Tag of the checks that decide about readiness.</summary>
    public const string Ready = "ready";

    /// <summary>Tag of the checks without which the process is better started anew.</summary>
    public const string Live = "live";

    // How soon a watcher of the gRPC health service hears of a change; the framework's own half a minute is long for a failover.
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    /// <summary>Adds the checks.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same.</returns>
    public static IServiceCollection AddFailoverHealth(this IServiceCollection services)
    {
        services.AddPulses();
        services.AddHealthChecks()
            .AddCheck<ThreadsCheck>("threads", tags: [Live, Ready])
            .AddCheck<StoppingCheck>("stopping", tags: [Ready]);
        services.Configure<HealthCheckPublisherOptions>(o => o.Period = Period);
        return services;
    }

    /// <summary>Maps the probes.</summary>
    /// <param name="app">The service.</param>
    /// <returns>The same.</returns>
    public static WebApplication MapFailoverHealth(this WebApplication app)
    {
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = c => c.Tags.Contains(Live) })
            .AllowAnonymous()
            .WithMetadata(ProbeRequest.Instance);
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains(Ready) });
        return app;
    }
}
