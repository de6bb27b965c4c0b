using System.Net;

namespace ClientFailover.Service.Audit;

/// <summary>Something that an administrator did, or that somebody was refused.</summary>
/// <param name="Action">What was asked for, a stable name such as <c>groups.delete</c>.</param>
/// <param name="Target">What it was asked of, such as <c>default/default/Line1</c>; no secret.</param>
/// <param name="Result">What came of it: <c>Done</c>, or the stable reason of the refusal.</param>
/// <param name="Who">The caller's name and scheme; null: it did not say, or not credibly.</param>
/// <param name="From">Where the caller is; null: this machine's command line.</param>
/// <param name="Detail">What else a reader needs, such as the value that was set; no secret; null: nothing.</param>
/// <param name="OperationId">The trace id of the request, as in its answer; null: there was none.</param>
internal sealed record AuditEntry(
    string Action,
    string Target,
    string Result,
    string? Who,
    IPAddress? From,
    string? Detail = null,
    string? OperationId = null)
{
    /// <summary><see cref="Result"/> of what was done.</summary>
    public const string Done = "Done";
}
