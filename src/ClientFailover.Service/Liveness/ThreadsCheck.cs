using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ClientFailover.Service.Liveness;

/// <summary>Responsible for a probe's answer about the threads without which the service is not alive: what the <see cref="Watchdog"/> tells systemd.</summary>
/// <param name="pulses">The threads.</param>
internal sealed class ThreadsCheck(Pulses pulses) : IHealthCheck
{
    /// <inheritdoc/>
    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default) => Task.FromResult(
        pulses.Stuck is { Count: > 0 } stuck
            ? HealthCheckResult.Unhealthy($"No progress: {string.Join(", ", stuck.Select(p => p.Name))}.")
            : HealthCheckResult.Healthy());
}
