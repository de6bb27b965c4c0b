namespace ClientFailover.Service.Logging;

internal sealed partial class LogFile
{
    [LoggerMessage(8100, LogLevel.Error, "The log files in {Directory} cannot be written; the service goes on, and the log is on its other outputs: {Problem}")]
    private static partial void LogNotWritten(ILogger log, string directory, string problem);

    [LoggerMessage(8101, LogLevel.Warning, "The log files in {Directory} are written again; {Count} lines are missing in them")]
    private static partial void LogWritten(ILogger log, string directory, long count);

    [LoggerMessage(8103, LogLevel.Warning, "A log file in {Directory} cannot be opened or deleted; no line is missing: {Problem}")]
    private static partial void LogInTheWay(ILogger log, string directory, string problem);
}
