using ClientFailover.Service.Transport.Errors;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Rest;

/// <summary>What goes wrong with a REST call before it becomes one of the contract's: the part of the table that gRPC has no place for.</summary>
internal static class RestFailures
{
    /// <summary>The body is too large.</summary>
    public static Failure TooLarge { get; } = new(
        StatusCode.ResourceExhausted,
        "BODY_TOO_LARGE",
        "The request was refused.",
        "Its body is larger than the service accepts, 192 KiB unless it is set up otherwise.",
        "Send a smaller body.");

    /// <summary>The body is of the wrong kind.</summary>
    public static Failure WrongMediaType { get; } = new(
        StatusCode.InvalidArgument,
        "MEDIA_TYPE_UNSUPPORTED",
        "The request was refused.",
        "Its body is not declared as application/json in UTF-8.",
        "Send JSON, with the header Content-Type: application/json.");

    /// <summary>The body is compressed.</summary>
    public static Failure EncodedBody { get; } = new(
        StatusCode.InvalidArgument,
        "CONTENT_ENCODING_UNSUPPORTED",
        "The request was refused.",
        "Its body is sent with a Content-Encoding, and the service takes none.",
        "Send the body as it is, without the header Content-Encoding.");

    /// <summary>What a status without a body means, however it came about.</summary>
    /// <param name="status">HTTP status, 400 or more.</param>
    /// <returns>The failure.</returns>
    public static Failure Of(int status) => status switch
    {
        StatusCodes.Status401Unauthorized => Failures.Unauthenticated,
        StatusCodes.Status403Forbidden => Failures.RoleMissing,
        StatusCodes.Status404NotFound => new(
            StatusCode.NotFound,
            "ROUTE_NOT_FOUND",
            "The request was refused.",
            "The service has no such route.",
            "Correct the path; the documentation lists all routes."),
        StatusCodes.Status405MethodNotAllowed => new(
            StatusCode.Unimplemented,
            "METHOD_NOT_ALLOWED",
            "The request was refused.",
            "The route does not support this HTTP method.",
            "Use a method that the Allow header names."),
        StatusCodes.Status408RequestTimeout => new(
            StatusCode.DeadlineExceeded,
            "REQUEST_TIMEOUT",
            "The request was refused.",
            "Its body did not arrive in time.",
            "Send the request again."),
        StatusCodes.Status413PayloadTooLarge => TooLarge,
        StatusCodes.Status415UnsupportedMediaType => WrongMediaType,
        StatusCodes.Status429TooManyRequests => new(
            StatusCode.ResourceExhausted,
            "TOO_MANY_REQUESTS",
            "The request was refused.",
            "There were too many requests.",
            "Wait for as long as the Retry-After header says, then try again.")
        { RetryAfter = TimeSpan.FromSeconds(1) },
        StatusCodes.Status503ServiceUnavailable => new(
            StatusCode.Unavailable,
            "UNAVAILABLE",
            "The request was refused.",
            "The service cannot decide now.",
            "Wait for as long as the Retry-After header says, then try again.")
        { RetryAfter = TimeSpan.FromSeconds(1) },
        >= StatusCodes.Status500InternalServerError => Failures.Internal,
        _ => Failures.Unreadable("It is not a valid HTTP request for this route."),
    };
}
