using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Egress;

internal sealed partial class EgressPump
{
    [LoggerMessage(7500, LogLevel.Warning, "The destination did not take {Count} values. They stay in the buffer and are sent again until it does; logged once until then.")]
    private static partial void LogFailed(ILogger logger, int count, Exception exception);

    [LoggerMessage(7501, LogLevel.Information, "The destination takes values again.")]
    private static partial void LogResolved(ILogger logger);

    [LoggerMessage(7502, LogLevel.Error, "The destination will never take {Count} of {All} values, of which the first is of stream {Stream} at {Time:O}: they are dropped. Logged once until it takes all again; the counters go on.")]
    private static partial void LogRejected(ILogger logger, int count, int all, string stream, DateTimeOffset time, Exception exception);

    [LoggerMessage(7503, LogLevel.Information, "The destination takes values again; {Rejected} were dropped since the start.")]
    private static partial void LogTakesAgain(ILogger logger, long rejected);

    [LoggerMessage(7504, LogLevel.Error, "The buffer cannot be read. Nothing is lost; it is tried again until it works, logged once until then.")]
    private static partial void LogUnreadable(ILogger logger, Exception exception);
}
