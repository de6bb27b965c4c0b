using System.Security.Authentication;
using Grpc.Core;

namespace ClientFailover.Client.Connection.Streams;

/// <summary>What the failure of a stream means. The one table from gRPC's statuses to <see cref="LinkFailure"/>.</summary>
internal static class StreamFailures
{
    private const long ProtocolError = 1;
    private const long FrameSizeError = 6;
    private const long Http11Required = 13;

    /// <summary>Translates.</summary>
    public static LinkException Of(RpcException exception)
    {
        if (Causes(exception).OfType<LinkException>().FirstOrDefault() is { } known)
        {
            // The call was not made at all, as for want of a token.
            return known;
        }

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
        return new LinkException(failure, Explain(exception), exception)
        {
            IsHandshake = Causes(exception).Any(c => c is AuthenticationException),
        };
    }

    // What answers speaks HTTP, but not gRPC: HTTP/1.1 only (agreed by TLS, or seen in clear text), or a status that no
    // gRPC service gives. A refused or broken connection says nothing about that.
    private static bool IsOtherProtocol(RpcException exception)
    {
        var causes = Causes(exception).ToList();
        if (causes.Any(c => c is HttpProtocolException { ErrorCode: not (ProtocolError or FrameSizeError or Http11Required) }))
        {
            // Words of HTTP/2 itself, such as those of a server that is about to stop.
            return false;
        }

        // grpc-dotnet knows a foreign answer by its HTTP status or media type alone, and says so in words only.
        return causes.OfType<HttpRequestException>().Any(c => c.HttpRequestError is HttpRequestError.VersionNegotiationError or HttpRequestError.HttpProtocolError or HttpRequestError.InvalidResponse)
            || (exception.StatusCode is StatusCode.Unknown or StatusCode.Internal
                && exception.Status.Detail.StartsWith("Bad gRPC response.", StringComparison.Ordinal));
    }

    private static string Explain(RpcException exception)
    {
        if (Causes(exception).OfType<AuthenticationException>().FirstOrDefault() is { } untrusted)
        {
            // The innermost knows whether it was the certificate or the protocol.
            return $"{untrusted.Message} {(untrusted.InnerException is null ? "" : $"({untrusted.GetBaseException().Message}) ")}{TrustAdvice.Text}";
        }

        var text = exception.Status.Detail.ReplaceLineEndings(" ");
        return text.Length == 0 ? exception.StatusCode.ToString() : text;
    }

    private static IEnumerable<Exception> Causes(RpcException exception)
    {
        for (var cause = exception.Status.DebugException; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}
