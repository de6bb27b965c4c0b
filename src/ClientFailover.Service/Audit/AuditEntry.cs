using System.Net;

namespace ClientFailover.Service.Audit;

/// <summary>Something that an administrator did, or that somebody was refused.</summary>
/// <param name="Action">What was asked for, a stable name such as <c>GroupService.DeleteGroup</c> or <c>users.add</c>.</param>
/// <param name="Target">What it was asked of, such as <c>default/default/Line1</c>; no secret.</param>
/// <param name="Result">What came of it: <c>Done</c>, or the stable reason of the refusal.</param>
/// <param name="Who">The caller's name; with a refused logon, the one that was claimed; null: it did not say.</param>
/// <param name="From">Where the caller is; null: this machine's command line.</param>
/// <param name="Detail">What else a reader needs, such as the value that was set; no secret; null: nothing.</param>
/// <param name="OperationId">The trace id of the request, as in its answer; null: there was none.</param>
/// <param name="Scheme">By which authentication scheme the caller was known, or was not; null: by none.</param>
internal sealed record AuditEntry(
    string Action,
    string Target,
    string Result,
    string? Who,
    IPAddress? From,
    string? Detail = null,
    string? OperationId = null,
    string? Scheme = null)
{
    /// <summary><see cref="Result"/> of what was done.</summary>
    public const string Done = "Done";

    /// <summary><see cref="Scheme"/> of who was at the command line of this machine.</summary>
    public const string CommandLine = "CommandLine";
}
