using System.Globalization;
using Grpc.Core;
using Microsoft.AspNetCore.Grpc.JsonTranscoding;

namespace ClientFailover.Service.Transport.Rest;

/// <summary>What a service method may say of its reply that only REST has a place for; native gRPC calls ignore it.</summary>
internal static class RestCall
{
    /// <summary>Whether a call came by REST. Asked of the endpoint, as callers can write any header.</summary>
    /// <param name="http">The call.</param>
    /// <returns>False: by gRPC.</returns>
    public static bool IsRest(this HttpContext http) =>
        http.GetEndpoint()?.Metadata.GetMetadata<GrpcJsonTranscodingMetadata>() is not null;

    /// <summary>Answers 201. Set last, because transcoding sets 200 just before it writes.</summary>
    /// <param name="context">The call.</param>
    public static void AnswerCreated(this ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (http.IsRest())
        {
            http.Response.OnStarting(
                static state =>
                {
                    ((HttpResponse)state).StatusCode = StatusCodes.Status201Created;
                    return Task.CompletedTask;
                },
                http.Response);
        }
    }

    /// <summary>Answers how many there are in all.</summary>
    /// <param name="context">The call.</param>
    /// <param name="total">How many.</param>
    public static void AnswerTotalCount(this ServerCallContext context, int total)
    {
        var http = context.GetHttpContext();
        if (http.IsRest())
        {
            http.Response.Headers["Total-Count"] = total.ToString(CultureInfo.InvariantCulture);
        }
    }
}
