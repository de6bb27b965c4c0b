using Microsoft.Extensions.DependencyInjection.Extensions;

namespace ClientFailover.Service.Limits;

/// <summary>Responsible for putting the limits of callers into the service.</summary>
internal static class LimitsRegistration
{
    /// <summary>Adds them; the settings must be there.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same.</returns>
    public static IServiceCollection AddLimits(this IServiceCollection services)
    {
        services.AddMetrics();
        services.TryAddSingleton<LimitMeter>();
        services.TryAddSingleton<ConnectionGate>();
        services.TryAddSingleton<ConnectionLimits>();
        services.TryAddSingleton<RequestRates>();
        services.TryAddSingleton<Pauses>();
        services.TryAddSingleton<UnfinishedBodies>();
        services.TryAddSingleton<UnreadAnswers>();
        return services;
    }
}
