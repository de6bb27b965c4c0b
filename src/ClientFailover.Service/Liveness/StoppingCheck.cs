using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientFailover.Service.Liveness;

/// <summary>Responsible for a probe's answer while the service stops: what comes new is to go elsewhere.</summary>
/// <param name="lifetime">Tells when it stops.</param>
internal sealed class StoppingCheck(IHostApplicationLifetime lifetime) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        lifetime.ApplicationStopping.IsCancellationRequested ? HealthCheckResult.Unhealthy("It stops.") : HealthCheckResult.Healthy());
}
