using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace ClientFailover.Conformance.Running;

/// <summary>
/// Responsible for calling a service as one account over one HTTP/2 connection, which a test can cut. Every call that
/// is not answered in time fails.
/// </summary>
internal sealed class Caller : IDisposable
{
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly GrpcChannel _channel;
    private readonly HttpClient _rest;

    /// <summary>Calls as an administrator.</summary>
    /// <param name="service">The service.</param>
    public Caller(RunningService service)
        : this(service, service.Administrator.Header)
    {
    }

    /// <summary>Calls as whomever.</summary>
    /// <param name="service">The service.</param>
    /// <param name="credentials">The Authorization header; null: none.</param>
    public Caller(RunningService service, AuthenticationHeaderValue? credentials)
    {
        _channel = GrpcChannel.ForAddress(service.Grpc, new GrpcChannelOptions
        {
            HttpHandler = new WithCredentials(NewHandler(), credentials),
            DisposeHttpClient = true,
            MaxReceiveMessageSize = null,
        });
        _rest = new HttpClient(new WithCredentials(NewHandler(), credentials))
        {
            BaseAddress = new Uri(service.Http, "/api/v1/clientfailover/"),
            Timeout = RunningService.Patience,
        };
        Invoker = _channel.Intercept(new Impatience());
        Adapters = new V1.AdapterService.AdapterServiceClient(_channel);
        Events = new V1.EventService.EventServiceClient(_channel);
        Groups = new V1.GroupService.GroupServiceClient(Invoker);
        Sessions = new V1.SessionService.SessionServiceClient(Invoker);
    }

    /// <summary>What other clients can be made from.</summary>
    public CallInvoker Invoker { get; }

    /// <summary>Groups.</summary>
    public V1.GroupService.GroupServiceClient Groups { get; }

    /// <summary>Sessions.</summary>
    public V1.SessionService.SessionServiceClient Sessions { get; }

    /// <summary>History and watch.</summary>
    public V1.EventService.EventServiceClient Events { get; }

    /// <summary>Streams.</summary>
    public V1.AdapterService.AdapterServiceClient Adapters { get; }

    /// <summary>REST, over a connection of its own; addresses are relative to the base of the API.</summary>
    public HttpClient Rest => _rest;

    /// <summary>How many connections it has made.</summary>
    public int Connections => _sockets.Count;

    /// <summary>Cuts the connections without a word, as when the process at this end is killed.</summary>
    public void Cut()
    {
        while (_sockets.TryTake(out var socket))
        {
            socket.LingerState = new LingerOption(true, 0);
            socket.Close();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _channel.Dispose();
        _rest.Dispose();
    }

    private SocketsHttpHandler NewHandler() => new()
    {
        // The least that HTTP/2 allows by default, so that a reader which stops is soon felt at the other end.
        InitialHttp2StreamWindowSize = 65_535,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            _sockets.Add(socket);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };

    private sealed class WithCredentials(HttpMessageHandler next, AuthenticationHeaderValue? credentials) : DelegatingHandler(next)
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.Headers.Authorization = credentials;
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class Impatience : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request, ClientInterceptorContext<TRequest, TResponse> context, AsyncUnaryCallContinuation<TRequest, TResponse> continuation)
        {
            var options = context.Options.Deadline is null ? context.Options.WithDeadline(DateTime.UtcNow + RunningService.Patience) : context.Options;
            return continuation(request, new ClientInterceptorContext<TRequest, TResponse>(context.Method, context.Host, options));
        }
    }
}
