using System.Runtime.Versioning;
using ClientFailover.Service.Certificates;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Liveness;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Logging.EventLog;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for what every process needs: settings, data directory, log, web server, life as a service.</summary>
internal static class HostingRegistration
{
    private const string ServiceName = "Client Failover Service";

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
        builder.AddLog();
        builder.AddServer();
        builder.Services.AddHealthChecks();
        builder.Services.AddHostedService<Announcement>();
        builder.Services.AddServiceManager();
        builder.Services.AddWindowsService(o => o.ServiceName = ServiceName);
        if (OperatingSystem.IsWindows())
        {
            builder.Services.Configure<EventLogSettings>(SetSource);
        }

        return builder;
    }

    [SupportedOSPlatform("windows")]
    private static void SetSource(EventLogSettings settings) => settings.SourceName = ServiceName;

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
        builder.WebHost.ConfigureKestrel(server => server.ApplicationServices.GetRequiredService<Listeners>().Configure(server));
    }

    private static void AddLog(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<LogLevelSwitch>();
        builder.Services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(p => p.GetRequiredService<LogLevelSwitch>());
        builder.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(p => p.GetRequiredService<LogLevelSwitch>());
        builder.Logging.AddConsoleLog(builder.Configuration);
    }

    private static void AddConsoleLog(this ILoggingBuilder logging, ConfigurationManager configuration) => logging
        .AddFilter("Microsoft", LogLevel.Warning)
        .AddFilter("Grpc", LogLevel.Warning)

        // It tells, with a stack trace, of every message that is no protobuf: whoever sends one could fill the log. What
        // fails by our own fault has a line of its own.
        .AddFilter("Grpc.AspNetCore.Server.ServerCallHandler", LogLevel.None)
        .AddConfiguration(configuration.GetSection(LogSettings.Section))
        .AddFilter(typeof(Announcement).FullName, LogLevel.Information)

        // Under this name the framework tells of every request without credentials; failed logons have their own line.
        .AddFilter(typeof(CallerHandler).FullName, LogLevel.Warning)
        .AddSimpleConsole(o =>
        {
            o.SingleLine = true;
            o.UseUtcTimestamp = true;
            o.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ";
        })

        // A console that does not take its lines must not hold up the roles that are told after them.
        .Services.Configure<ConsoleLoggerOptions>(o =>
        {
            o.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
            o.MaxQueueLength = 20_000;
        });
}
