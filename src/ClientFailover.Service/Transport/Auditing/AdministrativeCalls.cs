using ClientFailover.Service.Audit;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Transport.Authorization;
using ClientFailover.Service.Transport.Errors;
using Google.Protobuf;
using Google.Rpc;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Auditing;

/// <summary>
/// Responsible for the audit of administrative calls: what was asked for, and what came of it. No interceptor of its own:
/// each one costs every heartbeat a task.
/// </summary>
/// <param name="trail">The audit.</param>
/// <param name="failures">
/// Counts what came to nothing: nobody may push what others did out of the files by asking a thousand times a second for what fails.
/// </param>
internal sealed class AdministrativeCalls(IAuditTrail trail, [FromKeyedServices(RefusalSummary.OfAdministrators)] RefusalSummary failures)
{
    /// <summary>Whether a call is one.</summary>
    /// <param name="context">The call.</param>
    /// <returns>False: it is not in the audit.</returns>
    public static bool Include(ServerCallContext context) =>
        Operation.Of(context.GetHttpContext()) is { IsAdministrative: true };

    /// <summary>Records a call when it ends.</summary>
    /// <typeparam name="TRequest">Its request.</typeparam>
    /// <typeparam name="TResponse">Its response.</typeparam>
    /// <param name="request">The request.</param>
    /// <param name="context">The call.</param>
    /// <param name="call">What it comes to; it fails in the form that callers see.</param>
    /// <returns>The same.</returns>
    public async Task<TResponse> RecordAsync<TRequest, TResponse>(TRequest request, ServerCallContext context, Task<TResponse> call)
    {
        try
        {
            var response = await call;
            Record(request, context, AuditEntry.Done, cameToNothing: false);
            return response;
        }
        catch (RpcException e)
        {
            Record(request, context, e.GetRpcStatus()?.GetDetail<ErrorInfo>()?.Reason ?? e.StatusCode.ToString(), CameToNothing(e.StatusCode));
            throw;
        }
    }

    // Of a call that was given up, or that the store did not answer in time, the change may be made all the same.
    private static bool CameToNothing(StatusCode code) => code is StatusCode.InvalidArgument or StatusCode.NotFound or StatusCode.AlreadyExists
        or StatusCode.PermissionDenied or StatusCode.Unauthenticated or StatusCode.FailedPrecondition or StatusCode.ResourceExhausted
        or StatusCode.OutOfRange or StatusCode.Unimplemented;

    private void Record<TRequest>(TRequest request, ServerCallContext context, string result, bool cameToNothing)
    {
        var http = context.GetHttpContext();
        var caller = CallerPrincipal.Of(http);

        // Of what was refused nobody has checked what is in it: it may be a secret in the wrong place.
        var entry = new AuditEntry(
            AuditNames.ActionOf(http),
            request is IMessage message ? AuditNames.TargetOf(message) : AuditNames.TargetOf(http),
            result,
            caller?.Identification,
            http.Connection.RemoteIpAddress,
            result == AuditEntry.Done ? (request as IAuditedRequest)?.AuditDetail : null,
            OperationId.Current,
            caller?.Scheme);
        if (cameToNothing)
        {
            failures.Record(entry, isVerified: caller is not null);
        }
        else
        {
            trail.Record(entry);
        }
    }
}
