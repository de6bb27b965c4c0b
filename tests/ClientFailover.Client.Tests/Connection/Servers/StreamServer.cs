using System.Threading.Channels;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>Responsible for adapter streams that say what the test wants.</summary>
internal sealed class StreamServer : IAsyncDisposable
{
    private readonly Channel<ServerStream> _streams = Channel.CreateUnbounded<ServerStream>();
    private readonly Changes _changes = new();
    private TestHost _host = null!;

    /// <summary>Base of its API.</summary>
    public Uri Endpoint => new(_host.Address, "/api/v1/clientfailover");

    /// <summary>Refuses a hello where it returns a status.</summary>
    public Func<ServerCallContext, Status?> Refuse { get; set; } = _ => null;

    /// <summary>The Authorization header of every stream.</summary>
    public List<string> Authorizations { get; } = [];

    /// <summary>Starts one.</summary>
    public static async Task<StreamServer> StartAsync(Action<ListenOptions>? listen = null)
    {
        var server = new StreamServer();
        server._host = await TestHost.StartAsync(
            HttpProtocols.Http2,
            app => app.MapGrpcService<Service>(),
            services =>
            {
                services.AddGrpc();
                services.AddSingleton(server);
            },
            listen);
        return server;
    }

    /// <summary>The next stream, after its hello was read.</summary>
    public Task<ServerStream> AcceptAsync() => _streams.Reader.ReadAsync().AsTask().Soon();

    /// <summary>Waits for streams, also those that are refused.</summary>
    public Task AskedAsync(int times) => _changes.UntilAsync(() => Authorizations.Count >= times);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _host.DisposeAsync();

    private sealed class Service(StreamServer server) : V1.AdapterService.AdapterServiceBase
    {
        public override async Task Connect(
            IAsyncStreamReader<V1.AdapterMessage> requestStream, IServerStreamWriter<V1.ServiceMessage> responseStream, ServerCallContext context)
        {
            lock (server.Authorizations)
            {
                server.Authorizations.Add(context.RequestHeaders.GetValue("authorization") ?? "");
            }

            server._changes.Tell();

            if (server.Refuse(context) is { } refusal)
            {
                throw new RpcException(refusal);
            }

            await requestStream.MoveNext();
            var stream = new ServerStream(requestStream, responseStream, requestStream.Current.Hello);
            server._streams.Writer.TryWrite(stream);
            await stream.RunAsync(context.CancellationToken);
        }
    }
}
