using ClientFailover.Service.Certificates;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Liveness;
using ClientFailover.Service.Logging;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for what every process needs: settings, data directory, log, web server, life as a service.</summary>
internal static class HostingRegistration
{
    /// <summary>Name of the service on Windows, and of its source in the event log.</summary>
    public const string ServiceName = "Client Failover Service";

    private const int MaxSentAhead = 64 * 1024;

    // Of the ten seconds that stopping may take, one is left for closing what is open.
    private static readonly TimeSpan ShutdownTimeout = TimeSpan.FromSeconds(9);

    /// <summary>Adds it.</summary>
    /// <param name="builder">The service under construction.</param>
    /// <param name="settings">The settings, free of mistakes.</param>
    /// <param name="data">The data directory.</param>
    /// <returns>The same.</returns>
    public static WebApplicationBuilder AddFailoverHosting(this WebApplicationBuilder builder, ReadSettings settings, DataDirectory data)
    {
        builder.Configuration.AddConfiguration(settings.Configuration);
        builder.Services.AddSingleton(settings.Options);
        builder.Services.AddSingleton(settings.Options.ToEngineSettings());
        builder.Services.AddSingleton(data);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.Configure<HostOptions>(o => o.ShutdownTimeout = ShutdownTimeout);
        builder.AddLog(settings.Options, data);
        builder.AddServer();
        builder.Services.AddHealthChecks();
        builder.Services.AddHostedService<Announcement>();
        builder.Services.AddHostedService<StartupMemory>();
        builder.Services.AddServiceManager();
        builder.Services.AddWindowsService(o => o.ServiceName = ServiceName);
        return builder;
    }

    private static void AddServer(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<CertificateFolder>();
        builder.Services.AddLimits();
        builder.Services.AddSingleton<ConnectionsAtStop>();
        builder.Services.AddSingleton<ServerCertificates>();
        builder.Services.AddSingleton<CertificateExpiry>();
        builder.Services.AddHostedService<CertificateWatch>();
        builder.Services.AddSingleton<Listeners>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration();
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, BlockPools>();

        // What a connection may have sent ahead lies in memory until it is its turn, of callers without credentials too.
        builder.Services.Configure<SocketTransportOptions>(o => o.MaxReadBufferSize = MaxSentAhead);
        builder.WebHost.ConfigureKestrel(server => server.ApplicationServices.GetRequiredService<Listeners>().Configure(server));
    }
}
