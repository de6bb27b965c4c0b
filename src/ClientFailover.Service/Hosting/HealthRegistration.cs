using Microsoft.AspNetCore.Diagnostics.HealthChecks;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for the probes: <c>/healthz/live</c> says that the process answers, to everybody; <c>/healthz/ready</c>
/// says that the service can decide, to authenticated callers. A feature takes part in the second by a health check
/// with the tag <see cref="Ready"/>.
/// </summary>
internal static class HealthRegistration
{
    /// <summary>Tag of the checks that decide about readiness.</summary>
    public const string Ready = "ready";

    /// <summary>Maps the probes.</summary>
    /// <param name="app">The service.</param>
    /// <returns>The same.</returns>
    public static WebApplication MapFailoverHealth(this WebApplication app)
    {
        app.MapHealthChecks("/healthz/live", new HealthCheckOptions { Predicate = _ => false }).AllowAnonymous();
        app.MapHealthChecks("/healthz/ready", new HealthCheckOptions { Predicate = c => c.Tags.Contains(Ready) });
        return app;
    }
}
