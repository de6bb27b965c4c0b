using System.Collections.Frozen;
using System.Globalization;
using ClientFailover.Service.Transport.Rest;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>
/// Responsible for what a native call is told whose message cannot be read, or is too large. The framework reads it
/// before any interceptor runs and answers UNKNOWN, or INTERNAL if the message is cut off, missing or marked as compressed
/// and is not, as if the fault were the service's; or it leaves the details out. What fails otherwise stays what it is, a
/// defect, and the log has a line of it.
/// </summary>
internal static class UnreadableRequest
{
    private const string TooLarge = "Received message exceeds the maximum configured message size.";

    // What the framework says of a message while it reads it, and of nothing else.
    private static readonly FrozenSet<string> OfReading = FrozenSet.Create(
        "Incomplete message.",
        "Additional data after the message received.",
        "Unexpected compressed flag value in message header.",
        "Request did not include grpc-encoding value with compressed message.",
        "Request sent 'identity' grpc-encoding value with compressed message.",
        "Incoming message cancelled.");

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
            var failures = endpoint.ApplicationServices.GetRequiredService<CallFailures>();
            endpoint.RequestDelegate = http =>
            {
                var done = call(http);
                if (!done.IsCompletedSuccessfully)
                {
                    return AwaitAsync(done, http, failures);
                }

                Correct(http, failures);
                return done;
            };
        }
    }

    /// <summary>The message of a call was read, and the service's own code has it: what fails from here on is no fault of the message.</summary>
    /// <param name="http">The call.</param>
    public static void WasRead(HttpContext http) => http.Features.Set(ReadMessage.Instance);

    /// <summary>What a status of the framework comes to.</summary>
    /// <param name="status">The status; it has no details.</param>
    /// <returns>The failure; null: it does not speak of a message that cannot be read.</returns>
    public static Failure? FailureOf(Status status) => status switch
    {
        { StatusCode: StatusCode.ResourceExhausted, Detail: TooLarge } => RestFailures.TooLarge,
        { StatusCode: StatusCode.Internal } when OfReading.Contains(status.Detail) => Failures.UnreadableMessage,
        _ => null,
    };

    private static async Task AwaitAsync(Task call, HttpContext http, CallFailures failures)
    {
        await call;
        Correct(http, failures);
    }

    private static void Correct(HttpContext http, CallFailures failures)
    {
        var response = http.Response;
        if (response.HasStarted || response.Headers.ContainsKey(GrpcFailureWriter.DetailsHeader))
        {
            return;
        }

        // Refusals of the service have details: what has none is the framework's.
        var status = response.Headers[GrpcFailureWriter.StatusHeader];
        if (status != Unknown && status != Internal && status != Exhausted)
        {
            return;
        }

        if (Find(http, status!) is { } failure)
        {
            failures.CountUnread(failure);
            GrpcFailureWriter.Write(response, failure);
        }
        else
        {
            failures.TellBare(http);
            GrpcFailureWriter.Write(response, Failures.Internal);
        }
    }

    private static Failure? Find(HttpContext http, string status)
    {
        if (http.Features.Get<ReadMessage>() is not null)
        {
            return null;
        }

        // Before it reads the message, the framework refuses what is declared to be none of gRPC's.
        if (http.Response.StatusCode is StatusCodes.Status415UnsupportedMediaType or StatusCodes.Status426UpgradeRequired)
        {
            return Failures.UnreadableMessage;
        }

        // What parses the message throws, and the framework tells nothing of exceptions.
        var message = Uri.UnescapeDataString(http.Response.Headers["grpc-message"].ToString());
        return status == Unknown
            ? Failures.UnreadableMessage
            : FailureOf(new Status((StatusCode)int.Parse(status, CultureInfo.InvariantCulture), message));
    }

    private sealed class ReadMessage
    {
        public static ReadMessage Instance { get; } = new();
    }
}
