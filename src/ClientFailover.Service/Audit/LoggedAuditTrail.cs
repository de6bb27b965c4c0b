namespace ClientFailover.Service.Audit;

/// <summary>Responsible for the audit in the log, in a category of its own.</summary>
/// <param name="logs">Makes the category.</param>
internal sealed partial class LoggedAuditTrail(ILoggerFactory logs) : IAuditTrail
{
    /// <summary>Name of the category.</summary>
    public const string Category = "ClientFailover.Audit";

    private const string Unknown = "-";

    private readonly ILogger _log = logs.CreateLogger(Category);

    /// <inheritdoc/>
    public void Record(AuditEntry entry)
    {
        if (_log.IsEnabled(LogLevel.Information))
        {
            LogEntry(
                _log,
                entry.Who ?? Unknown,
                entry.Scheme ?? Unknown,
                entry.From?.ToString() ?? Unknown,
                entry.Action,
                entry.Target,
                entry.Result,
                entry.Detail is { } detail ? ", " + detail : "",
                entry.OperationId ?? Unknown);
        }
    }

    [LoggerMessage(3100, LogLevel.Information, "{Who} ({Scheme}) from {From}: {Action} of {Target}: {Result}{Detail} (operation {OperationId})")]
    private static partial void LogEntry(
        ILogger log, string who, string scheme, string from, string action, string target, string result, string detail, string operationId);
}
