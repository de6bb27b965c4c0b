using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting.Systemd;
using Microsoft.Extensions.Logging.Console;

namespace ClientFailover.Service.Liveness;

/// <summary>Composition of this folder.</summary>
internal static class LivenessServices
{
    /// <summary>Adds <see cref="Pulses"/>. Needs a <see cref="TimeProvider"/>.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same.</returns>
    public static IServiceCollection AddPulses(this IServiceCollection services)
    {
        services.TryAddSingleton<Pulses>();
        return services;
    }

    /// <summary>
    /// Adds what tells systemd, or whoever speaks its protocol, that the service is ready, alive, stopping; if it asks for that. The
    /// framework's own <c>AddSystemd</c> looks at the name of the parent process instead, which a hardened unit is not shown.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The same.</returns>
    public static IServiceCollection AddServiceManager(this IServiceCollection services)
    {
        if (IsSet("JOURNAL_STREAM"))
        {
            services.Configure<ConsoleLoggerOptions>(o => o.FormatterName = ConsoleFormatterNames.Systemd);
        }

        if (!IsSet("NOTIFY_SOCKET"))
        {
            return services;
        }

        services.AddSingleton<ISystemdNotifier, SystemdNotifier>().AddSingleton<IHostLifetime, SystemdLifetime>();
        return WatchdogInterval.OfThisProcess() is { } interval
            ? services.AddPulses().AddSingleton(interval).AddHostedService<Watchdog>()
            : services;
    }

    private static bool IsSet(string name) => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable(name));
}
