using ClientFailover.Service.Identity;
using ClientFailover.Service.Transport.Auditing;
using ClientFailover.Service.Transport.Authorization;
using ClientFailover.Service.Transport.Namespaces;
using ClientFailover.Service.Transport.Rest;
using ClientFailover.Service.Transport.Services;
using Grpc.Core;
using Grpc.Core.Interceptors;

namespace ClientFailover.Service.Transport.Errors;

/// <summary>
/// Responsible for what calls have in common: the namespace they belong to, whether its limits and lists let the caller, what
/// callers are told when they fail, and the audit of administrative ones. A call that succeeds at once costs no more than its own
/// task. Not for adapter streams: it would hold half a
/// kilobyte of each for as long as it is open.
/// </summary>
/// <param name="scope">Settles the namespace.</param>
/// <param name="access">Holds callers to the access control lists.</param>
/// <param name="failures">Tells what callers are told.</param>
/// <param name="administrative">Has what administrators do in the audit.</param>
/// <param name="watches">Has streams end with the credential of their callers.</param>
internal sealed class ApiInterceptor(
    NamespaceScope scope, AccessCheck access, CallFailures failures, AdministrativeCalls administrative, OpenWatches watches) : Interceptor
{
    /// <inheritdoc/>
    public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        var call = Handle(request, context, continuation);
        return AdministrativeCalls.Include(context) ? administrative.RecordAsync(request, context, call) : call;
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
            await WatchAsync(context, (call, _) => continuation(request, responseStream, call));
        }
        catch (Exception e)
        {
            throw failures.Translate(e, context);
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
            UnreadableRequest.WasRead(context.GetHttpContext());
            await WatchAsync(context, (call, ended) => continuation(new EndingReader<TRequest>(requestStream, ended), responseStream, call));
        }
        catch (Exception e)
        {
            throw failures.Translate(e, context);
        }
    }

    /// <summary>A stream goes on for as long as its caller wants, but not longer than what it was opened with counts.</summary>
    private async Task WatchAsync(ServerCallContext context, Func<ServerCallContext, CancellationToken, Task> call)
    {
        var http = context.GetHttpContext();
        using var watch = watches.Add(context.Caller(), (http.User as CallerPrincipal)?.Credential);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.CancellationToken, watch.Ended);
        try
        {
            await call(new EndingCall(context, http, either.Token), either.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or InvalidOperationException or IOException or RpcException && IsEnded())
        {
            throw new FailureException(Failures.CredentialEnded);
        }

        // Some end as if all had been said.
        if (IsEnded())
        {
            throw new FailureException(Failures.CredentialEnded);
        }

        bool IsEnded() => watch.Ended.IsCancellationRequested && !context.CancellationToken.IsCancellationRequested;
    }

    private Task<TResponse> Handle<TRequest, TResponse>(
        TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
        where TRequest : class
        where TResponse : class
    {
        try
        {
            Settle(request, context);
            var call = continuation(request, context);
            return call.IsCompletedSuccessfully ? call : AwaitAsync(call, context);
        }
        catch (Exception e)
        {
            return Task.FromException<TResponse>(failures.Translate(e, context));
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
            throw failures.Translate(e, context);
        }
    }

    private void Settle<TRequest>(TRequest request, ServerCallContext context)
    {
        var http = context.GetHttpContext();
        if (!http.IsRest())
        {
            UnreadableRequest.WasRead(http);
        }

        if (request is INamespaceScoped scoped)
        {
            var state = scope.Apply(scoped, http);
            if (Operation.Of(http) is not { } operation)
            {
                return;
            }

            if (!operation.IsHeartbeat)
            {
                state.TakeRequest();
            }

            access.Require(http, operation, scoped);
        }
    }
}
