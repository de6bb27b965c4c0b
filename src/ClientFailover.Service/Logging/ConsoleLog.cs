using ClientFailover.Service.Hosting;
using Microsoft.Extensions.Hosting.Systemd;
using Serilog;

namespace ClientFailover.Service.Logging;

/// <summary>The log on the console: standard output. Under systemd that is the journal.</summary>
/// <param name="options">The form of its lines.</param>
/// <param name="log">Where it is told that lines were left out.</param>
[ProviderAlias(Name)]
internal sealed class ConsoleLog(ServiceOptions options, Func<Microsoft.Extensions.Logging.ILogger> log) : LogOutput(LogQueue.Create(
    "console", to => to.Console(LogFormats.Create(options.LogConsoleFormat, SystemdHelpers.IsSystemdService())), log))
{
    /// <summary>What the settings call it.</summary>
    public const string Name = "Console";
}
