using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Http.Features;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for calls whose body is a single message, over REST and gRPC, not making the service wait for it without end. A body that is there
/// when its request is costs a look. Streams of messages are not for here: they go on for months.
/// </summary>
/// <param name="next">The rest of the pipeline.</param>
/// <param name="bodies">Counts.</param>
internal sealed class BodyLimits(RequestDelegate next, UnfinishedBodies bodies)
{
    /// <summary>Handles a request, after it is known who makes it and before anything reads its body.</summary>
    /// <param name="http">The request.</param>
    /// <returns>Completes when it is answered.</returns>
    public Task InvokeAsync(HttpContext http)
    {
        ArgumentNullException.ThrowIfNull(http);
        return http.GetEndpoint()?.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Type is MethodType.Unary or MethodType.ServerStreaming && !IsThere(http.Request)
            ? GuardAsync(http)
            : next(http);
    }

    private static bool IsThere(HttpRequest request)
    {
        // A look would give leave to send, which a body that is too large does not get.
        if (request.Headers.Expect.Count > 0)
        {
            return false;
        }

        try
        {
            if (!request.BodyReader.TryRead(out var read))
            {
                return false;
            }

            request.BodyReader.AdvanceTo(read.Buffer.Start);
            return read.IsCompleted;
        }
        catch (Exception e) when (e is IOException or InvalidOperationException or OperationCanceledException)
        {
            // It cannot be read. Whoever wants to will come upon the same, and knows what to tell.
            return true;
        }
    }

    private async Task GuardAsync(HttpContext http)
    {
        var body = new UnfinishedBody(http.Request.BodyReader, http, bodies);
        http.Features.Set<IRequestBodyPipeFeature>(body);
        try
        {
            await next(http);
        }
        finally
        {
            body.Leave();
        }
    }
}
