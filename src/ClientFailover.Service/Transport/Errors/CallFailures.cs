using System.Runtime.ExceptionServices;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport.Auditing;
using ClientFailover.Service.Transport.Rest;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Connections;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>Responsible for what callers are told when their call fails, and for the log line of it.</summary>
/// <param name="lifetime">Tells whether the service is stopping.</param>
/// <param name="time">Tells whether a deadline passed.</param>
/// <param name="refused">Has refusals of access in the audit.</param>
/// <param name="limits">Counts what limits refuse.</param>
/// <param name="logger">The log.</param>
internal sealed partial class CallFailures(
    IHostApplicationLifetime lifetime, TimeProvider time, RefusedAccess refused, LimitMeter limits, ILogger<CallFailures> logger)
{
    /// <summary>Puts a failure into the form that the framework sends.</summary>
    /// <param name="exception">What the call threw.</param>
    /// <param name="context">The call.</param>
    /// <returns>What to throw instead.</returns>
    public RpcException Translate(Exception exception, ServerCallContext context)
    {
        if (exception is RpcException ready)
        {
            return ready.Trailers.Count > 0 ? ready : TranslateBare(ready, context);
        }

        var failure = ToFailure(exception, context);
        if (failure.Status == StatusCode.Internal)
        {
            Unexpected(exception, context.Method, OperationId.Current);
        }
        else if (exception is StoreUnavailableException)
        {
            NotStored(context.Method, failure.Cause, OperationId.Current);
        }
        else
        {
            Refused(context.Method, failure.Code, OperationId.Current);
        }

        if (exception is LimitReachedException reached)
        {
            limits.Refused(reached.Limit);
        }
        else if (failure.Code == TenantFailures.RateLimitedCode)
        {
            limits.Refused(LimitMeter.NamespaceRequests);
        }

        var http = context.GetHttpContext();
        if (failure.Status is StatusCode.PermissionDenied or StatusCode.Unauthenticated)
        {
            refused.Record(http, failure.Code);
        }

        if (failure.RetryAfter is { } wait && http.IsRest() && !http.Response.HasStarted)
        {
            http.Response.Headers.RetryAfter = RpcStatus.ToWholeSeconds(wait).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return failure.ToRpcException();
    }

    /// <summary>A message was not read.</summary>
    /// <param name="failure">Why.</param>
    public void CountUnread(Failure failure)
    {
        if (failure.Code == RestFailures.TooLarge.Code)
        {
            limits.Refused(LimitMeter.BodySize);
        }
    }

    /// <summary>A call ended without telling its caller why, in a part of it that is the framework's.</summary>
    /// <param name="http">The call.</param>
    public void TellBare(HttpContext http) => Bare(http.Request.Path.ToUriComponent(), OperationId.Current);

    // Without details it is not the service's: a message of a stream that is too large, cut off, or marked as compressed and is
    // not; or a defect, which must not be taken for the caller's.
    private RpcException TranslateBare(RpcException bare, ServerCallContext context)
    {
        if (UnreadableRequest.FailureOf(bare.Status) is { } failure)
        {
            CountUnread(failure);
            return failure.ToRpcException();
        }

        if (bare.StatusCode is not (StatusCode.Internal or StatusCode.Unknown or StatusCode.ResourceExhausted))
        {
            return bare;
        }

        Unexpected(bare, context.Method, OperationId.Current);
        return Failures.Internal.ToRpcException();
    }

    private Failure ToFailure(Exception exception, ServerCallContext context) => exception switch
    {
        FailureException e => e.Failure,
        StoreUnavailableException e => Failures.Of(e),
        LimitReachedException e => TenantFailures.Of(e.Limit),
        InvalidProtocolBufferException => Failures.UnreadableMessage,

        // The framework's words on the frame of a message: a flag that there is none of or what is not compressed as it is
        // declared, a length that no message has, and what is not the base64 that it is declared as.
        InvalidDataException => Failures.UnreadableMessage,
        IOException when exception.Source == "Grpc.AspNetCore.Server" => Failures.UnreadableMessage,
        InvalidOperationException when exception.Source == "Grpc.AspNetCore.Web" => Failures.UnreadableMessage,
        OperationCanceledException or InvalidOperationException when context.Deadline <= time.GetUtcNow().UtcDateTime => Failures.DeadlineExceeded,
        OperationCanceledException when context.CancellationToken.IsCancellationRequested => Failures.Cancelled,

        // The framework's word on whoever goes on reading or writing after the caller has gone.
        InvalidOperationException or IOException when context.CancellationToken.IsCancellationRequested => Failures.Cancelled,

        // The web server's, which tells whoever reads first and cancels the call later.
        IOException { InnerException: ConnectionAbortedException } => Failures.Cancelled,
        IOException when exception.Source == "Microsoft.AspNetCore.Server.Kestrel.Core" => Failures.Cancelled,

        // The same, kept until somebody reads: an exception that nobody had thrown before.
        IOException when exception.TargetSite?.DeclaringType == typeof(ExceptionDispatchInfo) => Failures.Cancelled,
        OperationCanceledException when lifetime.ApplicationStopping.IsCancellationRequested => Failures.Stopping,
        _ => Failures.Internal,
    };
}
