using System.Globalization;
using ClientFailover.Service.Transport.Rest;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>
/// Responsible for what a native call is told whose message cannot be read, or is too large. The framework reads it
/// before any interceptor runs and answers UNKNOWN, or INTERNAL if the message is cut off, missing or marked as compressed
/// and is not, as if the fault were the service's; or it leaves the details out.
/// </summary>
internal static class UnreadableRequest
{
    private static readonly string Unknown = ((int)StatusCode.Unknown).ToString(CultureInfo.InvariantCulture);
    private static readonly string Internal = ((int)StatusCode.Internal).ToString(CultureInfo.InvariantCulture);
    private static readonly string Exhausted = ((int)StatusCode.ResourceExhausted).ToString(CultureInfo.InvariantCulture);

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
        if (response.HasStarted || response.Headers.ContainsKey(GrpcFailureWriter.DetailsHeader))
        {
            return;
        }

        // Refusals of the service have details: what has none is the framework's.
        var status = response.Headers[GrpcFailureWriter.StatusHeader];
        if (status == Unknown || status == Internal)
        {
            GrpcFailureWriter.Write(response, Failures.UnreadableMessage);
        }
        else if (status == Exhausted)
        {
            GrpcFailureWriter.Write(response, RestFailures.TooLarge);
        }
    }
}
