using Grpc.Core;
using Grpc.Net.Client;

namespace ClientFailover.Client.Connection.Streams;

/// <summary>Responsible for joining over an adapter stream, with a connection of its own.</summary>
/// <param name="http">Makes connections.</param>
internal sealed class StreamTransport(HttpConnections http) : ITransport
{
    /// <inheritdoc/>
    public async Task<ILink> OpenAsync(Endpoint endpoint, JoinRequest request, CancellationToken cancellation)
    {
        var channel = GrpcChannel.ForAddress(endpoint.Authority, new GrpcChannelOptions
        {
            HttpHandler = http.CreateHandler(endpoint, request.FailoverTimeout),
            DisposeHttpClient = true,
        });
        var call = new V1.AdapterService.AdapterServiceClient(channel).Connect(cancellationToken: CancellationToken.None);
        try
        {
            var welcome = await GreetAsync(call, request.ToHello(endpoint), cancellation).ConfigureAwait(false);
            return new StreamLink(channel, call, welcome.ToTold(request.FailoverTimeout));
        }
        catch (Exception e)
        {
            call.Dispose();
            channel.Dispose();
            if (e is RpcException refusal)
            {
                cancellation.ThrowIfCancellationRequested();
                throw StreamFailures.Of(refusal);
            }

            throw;
        }
    }

    private static async Task<V1.Welcome> GreetAsync(
        AsyncDuplexStreamingCall<V1.AdapterMessage, V1.ServiceMessage> call, V1.AdapterMessage hello, CancellationToken cancellation)
    {
        try
        {
            await call.RequestStream.WriteAsync(hello, cancellation).ConfigureAwait(false);
        }
        catch (Exception e) when (e is InvalidOperationException or RpcException || e is OperationCanceledException && !cancellation.IsCancellationRequested)
        {
            // The call has ended before the hello went out: reading tells why.
        }

        if (!await call.ResponseStream.MoveNext(cancellation).ConfigureAwait(false) || call.ResponseStream.Current.Welcome is not { } welcome)
        {
            throw new LinkException(LinkFailure.NotStream, "The service answered a hello with something else than a welcome. It is no Client Failover service.");
        }

        return welcome;
    }
}
