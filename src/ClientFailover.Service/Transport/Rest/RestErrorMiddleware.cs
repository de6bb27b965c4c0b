using ClientFailover.Service.Transport.Errors;
using Microsoft.AspNetCore.Connections;

namespace ClientFailover.Service.Transport.Rest;

/// <summary>
/// Responsible for every failure under the REST base having the documented body, whoever decided it: routing (404,
/// 405), authentication (401), authorization (403) or a defect (500). Outermost, so that it sees them all; but for
/// requests that the web server cannot make out as HTTP (400, 414, 431, without a body), which never get this far, and for
/// HEAD (405), whose answer HTTP gives no body.
/// </summary>
/// <param name="next">The rest of the pipeline.</param>
/// <param name="writer">Writes the body.</param>
/// <param name="logger">The log.</param>
internal sealed partial class RestErrorMiddleware(RequestDelegate next, RestFailureWriter writer, ILogger<RestErrorMiddleware> logger)
{
    private static readonly PathString Base = "/api/v1";

    /// <summary>Whether a request is one of REST, by its path.</summary>
    /// <param name="http">The request.</param>
    /// <returns>True: its failures have the documented body.</returns>
    public static bool IsUnderBase(HttpContext http) => http.Request.Path.StartsWithSegments(Base, StringComparison.OrdinalIgnoreCase);

    /// <summary>Handles a request.</summary>
    /// <param name="http">The request.</param>
    /// <returns>Completes when it is answered.</returns>
    public Task InvokeAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return IsUnderBase(http) ? GuardAsync(http) : next(http);
    }

    private async Task GuardAsync(HttpContext http)
    {
        var response = http.Response;
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e) when (!response.HasStarted)
        {
            // The web server's own judgement of a body while it is read, such as one that does not go on arriving: 408.
            response.Clear();
            if (!HttpProtocol.IsHttp2(http.Request.Protocol))
            {
                // Where such a body ends nobody knows: nothing after it can be read as a request, and the web server would
                // log that it tried. HTTP/2 has frames for that.
                response.Headers.Connection = "close";
            }

            await writer.WriteAsync(http, e.StatusCode, RestFailures.Of(e.StatusCode));
            Failed(http.Request.Method, http.Request.Path, e.StatusCode, OperationId.Current);
            return;
        }
        catch (ConnectionResetException)
        {
            // A caller that went while its body was read: nobody is there to be answered, and nothing is wrong here.
            http.Abort();
            return;
        }
        catch (Exception e) when (!response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            Unexpected(e, http.Request.Method, http.Request.Path, OperationId.Current);
            response.Clear();
            await writer.WriteAsync(http, StatusCodes.Status500InternalServerError, Failures.Internal);
            return;
        }

        if (response.StatusCode < StatusCodes.Status400BadRequest)
        {
            return;
        }

        Failed(http.Request.Method, http.Request.Path, response.StatusCode, OperationId.Current);
        if (!response.HasStarted && response.ContentType is null && response.ContentLength is null or 0)
        {
            await writer.WriteAsync(http, response.StatusCode, RestFailures.Of(response.StatusCode));
        }
    }
}
