namespace ClientFailover.Service.Audit;

internal sealed partial class AuditTrail
{
    [LoggerMessage(3101, LogLevel.Error, "The audit cannot be written; the service goes on and counts what is missing: {Problem}")]
    private partial void LogNotWritten(string problem);

    [LoggerMessage(3102, LogLevel.Warning, "The audit is written again; {Count} entries are missing in its files")]
    private partial void LogRecovered(long count);

    [LoggerMessage(3103, LogLevel.Error, "{Count} entries of the audit could not be written before the service stopped")]
    private partial void LogLostForGood(long count);

    [LoggerMessage(3104, LogLevel.Error, "Old files of the audit cannot be deleted: {Problem}")]
    private partial void LogNotCleaned(string problem);
}
