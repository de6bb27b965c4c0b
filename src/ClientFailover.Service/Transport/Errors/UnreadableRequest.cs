using System.Globalization;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>
/// Responsible for what a native call is told whose message cannot be read. The framework reads it before any
/// interceptor runs and answers UNKNOWN, which nothing else in this service does.
/// </summary>
internal static class UnreadableRequest
{
    private const string StatusHeader = "grpc-status";
    private static readonly string Unknown = ((int)StatusCode.Unknown).ToString(CultureInfo.InvariantCulture);

    /// <summary>Wraps an endpoint, if it is one of native calls.</summary>
    /// <param name="endpoint">The endpoint.</param>
    public static void Wrap(EndpointBuilder endpoint)
    {
        if (endpoint.RequestDelegate is { } call
            && endpoint.Metadata.OfType<GrpcMethodMetadata>().Any()
            && !endpoint.Metadata.OfType<GrpcJsonTranscodingMetadata>().Any())
        {
            endpoint.RequestDelegate = http =>
            {
                var done = call(http);
                if (!done.IsCompletedSuccessfully)
                {
                    return AwaitAsync(done, http);
                }

                Correct(http.Response);
                return done;
            };
        }
    }

    private static async Task AwaitAsync(Task call, HttpContext http)
    {
        await call;
        Correct(http.Response);
    }

    private static void Correct(HttpResponse response)
    {
        if (!response.HasStarted && response.Headers[StatusHeader] == Unknown)
        {
            var status = Failures.UnreadableMessage.ToStatus();
            response.Headers[StatusHeader] = status.Code.ToString(CultureInfo.InvariantCulture);
            response.Headers["grpc-message"] = Uri.EscapeDataString(status.Message);
            response.Headers["grpc-status-details-bin"] = Convert.ToBase64String(status.ToByteArray());
        }
    }
}
