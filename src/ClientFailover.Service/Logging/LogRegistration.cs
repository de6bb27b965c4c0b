using System.Runtime.Versioning;
using ClientFailover.Service.Hosting;
using Microsoft.Extensions.Hosting.WindowsServices;
using Microsoft.Extensions.Logging.EventLog;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Logging;

/// <summary>Responsible for putting the log into the service. The event log of Windows comes with the life as a Windows service.</summary>
internal static class LogRegistration
{
    /// <summary>Adds it.</summary>
    /// <param name="builder">The service under construction, with the settings.</param>
    /// <param name="options">The settings.</param>
    /// <param name="data">The data directory.</param>
    public static void AddLog(this WebApplicationBuilder builder, ServiceOptions options, DataDirectory data)
    {
        var services = builder.Services;
        services.AddSingleton<LogLevelSwitch>();
        services.AddSingleton<IPostConfigureOptions<LoggerFilterOptions>>(p => p.GetRequiredService<LogLevelSwitch>());
        services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(p => p.GetRequiredService<LogLevelSwitch>());
        builder.Logging
            .AddBeforeSettings()
            .AddConfiguration(LogSettings.ToFramework(builder.Configuration.GetSection(LogSettings.Section)))
            .AddAfterSettings();
        if (!WindowsServiceHelpers.IsWindowsService())
        {
            services.AddSingleton<ILoggerProvider>(p => new ConsoleLog(options, Trouble(p)));
        }

        if (options.LogFiles)
        {
            services.AddSingleton<ILoggerProvider>(p => new FileLog(data, options, p.GetRequiredService<TimeProvider>(), Trouble(p)));
        }

        if (OperatingSystem.IsWindows())
        {
            services.Configure<EventLogSettings>(SetSource);
        }
    }

    /// <summary>Names the source under which the service is in the event log of Windows, in log Application.</summary>
    /// <param name="settings">The settings of the event log.</param>
    [SupportedOSPlatform("windows")]
    public static void SetSource(EventLogSettings settings) => settings.SourceName = HostingRegistration.ServiceName;

    /// <summary>The log for trouble of an output. Asked for when there is some: an output is made before the log that it is part of.</summary>
    private static Func<ILogger> Trouble(IServiceProvider services) => () => services.GetRequiredService<ILogger<LogOutput>>();
}
