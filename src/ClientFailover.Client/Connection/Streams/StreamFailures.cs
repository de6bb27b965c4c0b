using System.Security.Authentication;
using Grpc.Core;

namespace ClientFailover.Client.Connection.Streams;

/// <summary>What the failure of a stream means. The one table from gRPC's statuses to <see cref="LinkFailure"/>.</summary>
internal static class StreamFailures
{
    /// <summary>Translates.</summary>
    public static LinkException Of(RpcException exception)
    {
        var failure = exception.StatusCode switch
        {
            StatusCode.Unauthenticated => LinkFailure.Unauthenticated,
            StatusCode.PermissionDenied => LinkFailure.Denied,
            StatusCode.InvalidArgument or StatusCode.AlreadyExists or StatusCode.OutOfRange or StatusCode.FailedPrecondition => LinkFailure.Refused,
            StatusCode.NotFound => LinkFailure.SessionGone,
            StatusCode.Aborted => LinkFailure.Replaced,
            StatusCode.Unimplemented => LinkFailure.NotStream,
            _ => IsOtherProtocol(exception) ? LinkFailure.NotStream : LinkFailure.Unreachable,
        };
        return new LinkException(failure, Explain(exception), exception);
    }

    // What answers speaks HTTP, but not gRPC: HTTP/1.1 only (agreed by TLS, or seen in clear text), or a status that no
    // gRPC service gives. A refused or broken connection says nothing about that.
    private static bool IsOtherProtocol(RpcException exception)
    {
        for (var cause = exception.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
            {
                return false;
            }

            if (cause is HttpRequestException { HttpRequestError: HttpRequestError.VersionNegotiationError or HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse })
            {
                return true;
            }
        }

        // grpc-dotnet knows a foreign answer by its HTTP status or media type alone, and says so in words only.
        return exception.StatusCode is StatusCode.Unknown or StatusCode.Internal or StatusCode.Cancelled
            && exception.Status.Detail.StartsWith("Bad gRPC response.", StringComparison.Ordinal);
    }

    private static string Explain(RpcException exception)
    {
        var text = exception.Status.Detail.ReplaceLineEndings(" ");
        for (var cause = exception.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            if (cause is AuthenticationException)
            {
                return $"{cause.Message} {TrustAdvice.Text}";
            }
        }

        return text.Length == 0 ? exception.StatusCode.ToString() : text;
    }
}
