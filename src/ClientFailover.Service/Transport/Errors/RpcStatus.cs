using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>Puts failures into the form of gRPC's richer error model, which REST's error body is made from as well.</summary>
internal static class RpcStatus
{
    /// <summary>The domain of all reasons.</summary>
    public const string Domain = "clientfailover";

    /// <summary>Makes the exception that ends a call.</summary>
    /// <param name="failure">The failure.</param>
    /// <returns>The exception.</returns>
    public static RpcException ToRpcException(this Failure failure) => failure.ToStatus().ToRpcException();

    /// <summary>Makes the status.</summary>
    /// <param name="failure">The failure.</param>
    /// <returns>The status, with ErrorInfo and what else applies of BadRequest and RetryInfo.</returns>
    public static Google.Rpc.Status ToStatus(this Failure failure)
    {
        var status = new Google.Rpc.Status { Code = (int)failure.Status, Message = failure.Message };
        status.Details.Add(Any.Pack(new ErrorInfo { Reason = failure.Code, Domain = Domain }));
        if (failure.Violations.Count > 0)
        {
            var badRequest = new BadRequest();
            badRequest.FieldViolations.AddRange(failure.Violations.Select(v => new BadRequest.Types.FieldViolation
            {
                Field = v.Field,
                Description = $"{v.Member} {v.Allowed}.",
            }));
            status.Details.Add(Any.Pack(badRequest));
        }

        if (failure.RetryAfter is { } wait)
        {
            status.Details.Add(Any.Pack(new RetryInfo { RetryDelay = Duration.FromTimeSpan(wait) }));
        }

        return status;
    }

    /// <summary>A wait as HTTP has it: whole seconds, never too few and never none.</summary>
    /// <param name="wait">The wait.</param>
    /// <returns>Seconds.</returns>
    public static long ToWholeSeconds(TimeSpan wait) =>
        Math.Max(1, (wait.Ticks / TimeSpan.TicksPerSecond) + (wait.Ticks % TimeSpan.TicksPerSecond > 0 ? 1 : 0));
}
