using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Hosting;

internal sealed partial class FailoverAdapterService
{
    [LoggerMessage(7610, LogLevel.Warning, "The failover configuration has changed in more than its Mode: that takes effect at the next start.")]
    private static partial void LogNeedsRestart(ILogger logger);

    [LoggerMessage(7611, LogLevel.Error, "The failover configuration has changed and is wrong, so nothing of the change takes effect: {Mistakes}")]
    private static partial void LogWrong(ILogger logger, string mistakes);
}
