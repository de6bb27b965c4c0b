using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Hosting;

internal sealed partial class FailoverAdapterService
{
    [LoggerMessage(7610, LogLevel.Warning, "The failover configuration has changed in more than its Mode: that takes effect at the next start.")]
    private static partial void LogNeedsRestart(ILogger logger);
}
