using System.Globalization;
using ClientFailover.Service.Transport.Rest;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>
/// Responsible for native calls that are refused before they are calls, by authentication or authorization, in plain
/// HTTP. Clients would make of 429 the status UNAVAILABLE, and of each a failure without reason and details.
/// </summary>
/// <param name="next">The rest of the pipeline.</param>
internal sealed class GrpcRefusalMiddleware(RequestDelegate next)
{
    private const string Grpc = "application/grpc";

    /// <summary>Handles a request.</summary>
    /// <param name="http">The request.</param>
    /// <returns>Completes when it is answered.</returns>
    public Task InvokeAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return IsNative(http) ? GuardAsync(http) : next(http);
    }

    // REST has bodies for its refusals, whatever type its callers claim to send.
    private static bool IsNative(HttpContext http) =>
        http.Request.ContentType is { } type && type.StartsWith(Grpc, StringComparison.OrdinalIgnoreCase) && !RestErrorMiddleware.IsUnderBase(http);

    private static bool IsRefusal(int status) => status
        is StatusCodes.Status401Unauthorized
        or StatusCodes.Status403Forbidden
        or StatusCodes.Status429TooManyRequests
        or StatusCodes.Status503ServiceUnavailable;

    private async Task GuardAsync(HttpContext http)
    {
        await next(http);
        var response = http.Response;
        if (response.HasStarted || !IsRefusal(response.StatusCode) || response.Headers.ContainsKey(GrpcFailureWriter.StatusHeader))
        {
            return;
        }

        var failure = RestFailures.Of(response.StatusCode);
        if (int.TryParse(response.Headers.RetryAfter, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
        {
            failure = failure with { RetryAfter = TimeSpan.FromSeconds(seconds) };
        }

        GrpcFailureWriter.Write(response, failure);
        response.StatusCode = StatusCodes.Status200OK;

        // gRPC-Web expects its own type back.
        response.ContentType = http.Request.ContentType!.Contains("-web", StringComparison.OrdinalIgnoreCase) ? http.Request.ContentType : Grpc;
    }
}
