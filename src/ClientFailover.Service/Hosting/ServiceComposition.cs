using ClientFailover.Service.Audit;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Health;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for what the service is made of, in one place: for its executable, and for tests that run it with a clock of their own.</summary>
internal static class ServiceComposition
{
    /// <summary>Adds everything.</summary>
    /// <param name="builder">The service under construction.</param>
    /// <param name="settings">The settings, free of mistakes.</param>
    /// <param name="data">The data directory.</param>
    /// <returns>The same.</returns>
    public static WebApplicationBuilder AddFailoverService(this WebApplicationBuilder builder, ReadSettings settings, DataDirectory data)
    {
        builder.AddFailoverHosting(settings, data);
        builder.AddTelemetry(settings.Options);
        builder.Services.AddAudit();
        builder.Services.AddFailoverIdentity();
        builder.Services.AddGroupStore().Configure(settings.Options.Apply);
        builder.Services.AddGroups();
        builder.Services.AddHostedService<SessionRetention>();
        builder.Services.AddConfiguration();
        builder.Services.AddOmfHealth();
        builder.Services.Configure<NamespaceOptions>(settings.Options.Apply);
        builder.Services.AddFailoverApi().Configure(settings.Options.Apply);
        return builder;
    }

    /// <summary>Maps everything.</summary>
    /// <param name="app">The service.</param>
    /// <returns>The same.</returns>
    public static WebApplication MapFailoverService(this WebApplication app)
    {
        app.MapFailoverApi();
        app.MapFailoverHealth();
        app.MapTelemetry();
        return app;
    }
}
