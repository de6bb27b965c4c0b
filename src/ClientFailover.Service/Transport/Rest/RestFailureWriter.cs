using System.Globalization;
using System.Text.Json;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Rest.Json;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Transport.Rest;

/// <summary>Responsible for answering failures that transcoding does not see, in the form that it answers the others.</summary>
/// <param name="options">Where its serializer is.</param>
/// <param name="limits">Counts what is too large.</param>
internal sealed class RestFailureWriter(IOptions<GrpcJsonTranscodingOptions> options, LimitMeter limits)
{
    private readonly JsonSerializerOptions _json = TranscodingSerialization.UnaryOptions(options.Value);

    /// <summary>Answers a failure.</summary>
    /// <param name="http">The call.</param>
    /// <param name="status">HTTP status.</param>
    /// <param name="failure">The failure.</param>
    /// <returns>Completes when it is written.</returns>
    public Task WriteAsync(HttpContext http, int status, Failure failure)
    {
        var response = http.Response;
        if (failure.Code == RestFailures.TooLarge.Code)
        {
            limits.Refused(LimitMeter.BodySize);
        }

        response.StatusCode = status;
        response.ContentType = "application/json; charset=utf-8";
        if (failure.RetryAfter is { } wait && response.Headers.RetryAfter.Count == 0)
        {
            response.Headers.RetryAfter = RpcStatus.ToWholeSeconds(wait).ToString(CultureInfo.InvariantCulture);
        }

        return JsonSerializer.SerializeAsync(response.Body, failure.ToStatus(), _json, http.RequestAborted);
    }
}
