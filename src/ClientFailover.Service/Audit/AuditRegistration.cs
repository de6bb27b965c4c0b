using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Audit;

/// <summary>Responsible for putting the audit into the service.</summary>
internal static class AuditRegistration
{
    /// <summary>Adds it. What is added after it may record until it has stopped.</summary>
    /// <param name="services">The services.</param>
    /// <returns>The same.</returns>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddSingleton(s => new AuditFolder(
            s.GetRequiredService<DataDirectory>().Path, s.GetRequiredService<ServiceOptions>(), s.GetRequiredService<TimeProvider>()));
        services.AddSingleton<LoggedAuditTrail>();
        services.AddSingleton<AuditTrail>();
        services.AddSingleton<IAuditTrail>(s => s.GetRequiredService<AuditTrail>());
        services.AddSingleton<RefusalSummary>();
        services.AddKeyedSingleton<RefusalSummary>(RefusalSummary.OfAdministrators);

        // In this order: services stop in the reverse one, the web server first of all.
        services.AddHostedService(s => s.GetRequiredService<AuditTrail>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredService<RefusalSummary>());
        services.AddSingleton<IHostedService>(s => s.GetRequiredKeyedService<RefusalSummary>(RefusalSummary.OfAdministrators));
        return services;
    }
}
