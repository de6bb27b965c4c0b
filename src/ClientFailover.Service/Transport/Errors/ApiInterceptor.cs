using ClientFailover.Service.Groups;
using ClientFailover.Service.Transport.Namespaces;
using ClientFailover.Service.Transport.Rest;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>
/// Responsible for what all calls have in common: the namespace they belong to, and what their callers are told
/// when they fail. A call that succeeds at once costs no more than its own task.
/// </summary>
/// <param name="scope">Settles the namespace.</param>
/// <param name="lifetime">Tells whether the service is stopping.</param>
/// <param name="time">Tells whether a deadline passed.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ApiInterceptor(
    NamespaceScope scope,
    IHostApplicationLifetime lifetime,
    TimeProvider time,
    ILogger<ApiInterceptor> logger) : Interceptor
{
    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            Settle(request, context);
            var call = continuation(request, context);
            return call.IsCompletedSuccessfully ? call : AwaitAsync(call, context);
        }
        catch (Exception e)
        {
            return Task.FromException<TResponse>(Translate(e, context));
        }
    }

    /// <inheritdoc/>
    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            Settle(request, context);
            await continuation(request, responseStream, context);
        }
        catch (Exception e)
        {
            throw Translate(e, context);
        }
    }

    /// <inheritdoc/>
    public override async Task DuplexStreamingServerHandler<TRequest, TResponse>(
        IAsyncStreamReader<TRequest> requestStream,
        IServerStreamWriter<TResponse> responseStream,
        ServerCallContext context,
        DuplexStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try
        {
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception e)
        {
            throw Translate(e, context);
        }
    }

    private async Task<TResponse> AwaitAsync<TResponse>(Task<TResponse> call, ServerCallContext context)
    {
        try
        {
            return await call;
        }
        catch (Exception e)
        {
            throw Translate(e, context);
        }
    }

    private void Settle<TRequest>(TRequest request, ServerCallContext context)
    {
        if (request is INamespaceScoped scoped)
        {
            scope.Apply(scoped, context.GetHttpContext());
        }
    }

    private RpcException Translate(Exception exception, ServerCallContext context)
    {
        if (exception is RpcException ready)
        {
            // Without details it is the framework's: a message of a stream that is too large.
            return ready is { StatusCode: StatusCode.ResourceExhausted, Trailers.Count: 0 } ? RestFailures.TooLarge.ToRpcException() : ready;
        }

        var failure = ToFailure(exception, context);
        if (failure.Status == StatusCode.Internal)
        {
            Unexpected(exception, context.Method, OperationId.Current);
        }
        else if (exception is StoreUnavailableException)
        {
            NotStored(context.Method, failure.Cause, OperationId.Current);
        }
        else
        {
            Refused(context.Method, failure.Code, OperationId.Current);
        }

        var http = context.GetHttpContext();
        if (failure.RetryAfter is { } wait && http.IsRest() && !http.Response.HasStarted)
        {
            http.Response.Headers.RetryAfter = RpcStatus.ToWholeSeconds(wait).ToString(System.Globalization.CultureInfo.InvariantCulture);
        }

        return failure.ToRpcException();
    }

    private Failure ToFailure(Exception exception, ServerCallContext context) => exception switch
    {
        FailureException e => e.Failure,
        StoreUnavailableException e => Failures.Of(e),
        InvalidProtocolBufferException => Failures.UnreadableMessage,
        OperationCanceledException when context.Deadline <= time.GetUtcNow().UtcDateTime => Failures.DeadlineExceeded,
        OperationCanceledException when context.CancellationToken.IsCancellationRequested => Failures.Cancelled,
        OperationCanceledException when lifetime.ApplicationStopping.IsCancellationRequested => Failures.Stopping,
        _ => Failures.Internal,
    };
}
