using ClientFailover.Service.Audit;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Transport.Errors;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Authorization;

/// <summary>Short forms for who called.</summary>
internal static class CallerOfCall
{
    /// <summary>Who called. Authorization lets nobody through of whom that is not known.</summary>
    /// <param name="context">The call.</param>
    /// <returns>The caller.</returns>
    /// <exception cref="FailureException">It is not known.</exception>
    public static Caller Caller(this ServerCallContext context) =>
        CallerPrincipal.Of(context.GetHttpContext()) ?? throw new FailureException(Failures.Unauthenticated);

    /// <summary>Records that a caller has done something.</summary>
    /// <param name="audit">Where it is recorded.</param>
    /// <param name="context">The call.</param>
    /// <param name="action">What was done, a stable name.</param>
    /// <param name="target">What it was done to.</param>
    /// <param name="detail">The value that was set; null: none.</param>
    public static void Record(this IAuditTrail audit, ServerCallContext context, string action, string target, string? detail = null)
    {
        var http = context.GetHttpContext();
        var who = CallerPrincipal.Of(http) is { } caller ? $"{caller.Name} ({caller.Scheme})" : null;
        audit.Record(new AuditEntry(action, target, AuditEntry.Done, who, http.Connection.RemoteIpAddress, detail, OperationId.Current));
    }
}
