using ClientFailover.Service.Transport.Auditing;
using ClientFailover.Service.Transport.Authorization;
using ClientFailover.Service.Transport.Namespaces;
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
internal sealed class ApiInterceptor(NamespaceScope scope, AccessCheck access, CallFailures failures, AdministrativeCalls administrative) : Interceptor
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
            await continuation(request, responseStream, context);
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
            await continuation(requestStream, responseStream, context);
        }
        catch (Exception e)
        {
            throw failures.Translate(e, context);
        }
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
        if (request is INamespaceScoped scoped)
        {
            var http = context.GetHttpContext();
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
