using System.Net;

namespace ClientFailover.Service.Audit;

/// <summary>Responsible for the audit in the log, in a category of its own.</summary>
/// <param name="logs">Makes the category.</param>
internal sealed partial class LoggedAuditTrail(ILoggerFactory logs) : IAuditTrail
{
    /// <summary>Name of the category.</summary>
    public const string Category = "ClientFailover.Audit";

    private readonly ILogger _log = logs.CreateLogger(Category);

    /// <inheritdoc/>
    public void Record(AuditEntry entry) =>
        LogEntry(_log, entry.Who, entry.Scheme, entry.From, entry.Action, entry.Target, entry.Result, entry.Detail, entry.OperationId);

    [LoggerMessage(3100, LogLevel.Information, "{Who} ({Scheme}) from {From}: {Action} of {Target}: {Result} {Detail} (operation {OperationId})")]
    private static partial void LogEntry(
        ILogger log, string? who, string? scheme, IPAddress? from, string action, string target, string result, string? detail, string? operationId);
}
