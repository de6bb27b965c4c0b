using ClientFailover.Service.Audit;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Identity.Basic;
using ClientFailover.Service.Transport.Errors;

namespace ClientFailover.Service.Transport.Auditing;

/// <summary>Responsible for the entry of a call that was refused because of who sent it. Takes no secret from it.</summary>
/// <param name="refusals">Counts those that are alike.</param>
internal sealed class RefusedAccess(RefusalSummary refusals)
{
    /// <summary>Records a refusal.</summary>
    /// <param name="http">The call.</param>
    /// <param name="code">The stable reason that the caller is told.</param>
    public void Record(HttpContext http, string code)
    {
        var (who, scheme, detail) = Describe(http);
        var entry = new AuditEntry(
            AuditNames.ActionOf(http), AuditNames.TargetOf(http), code, who, http.Connection.RemoteIpAddress, detail, OperationId.Current, scheme);
        refusals.Record(entry, isVerified: CallerPrincipal.Of(http) is not null);
    }

    private static (string? Who, string? Scheme, string? Detail) Describe(HttpContext http)
    {
        if (CallerPrincipal.Of(http) is { } caller)
        {
            return (caller.Identification, caller.Scheme, null);
        }

        if (http.Request.Headers.Authorization is not [{ } header])
        {
            return (null, null, "no credentials");
        }

        // Of the header only the name, and only where it is known which part that is.
        return header.StartsWith($"{SchemeNames.Basic} ", StringComparison.OrdinalIgnoreCase) && BasicCredentials.TryRead(header, out var claimed)
            ? (claimed.Name, SchemeNames.Basic, "claimed, not verified")
            : (null, null, "credentials that are not valid");
    }
}
