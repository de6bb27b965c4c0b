using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using Grpc.Net.Client;

namespace ClientFailover.Conformance.Running;

/// <summary>
/// Responsible for calling a service without encryption, as one account over one HTTP/2 connection, which a test can
/// cut. Every call that is not answered in time fails.
/// </summary>
internal sealed class Caller : IDisposable
{
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly GrpcChannel _channel;

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
        : this(
            sockets => ServiceClients.OpenGrpc(service.Grpc, NewHandler(sockets), credentials),
            sockets => ServiceClients.OpenHttp(new Uri(service.Http, "/api/v1/clientfailover/"), NewHandler(sockets), credentials))
    {
    }

    /// <summary>Calls over TLS, by a certificate; these connections cannot be cut.</summary>
    /// <param name="service">The service.</param>
    /// <param name="certificate">The certificate.</param>
    /// <param name="credentials">The Authorization header besides; null: none.</param>
    public Caller(RunningService service, X509Certificate2 certificate, AuthenticationHeaderValue? credentials = null)
        : this(
            _ => ServiceClients.OpenGrpc(service.Tls, service.Showing(certificate), credentials),
            _ => ServiceClients.OpenHttp(new Uri(service.Tls, "/api/v1/clientfailover/"), service.Showing(certificate), credentials))
    {
    }

    private Caller(Func<ConcurrentBag<Socket>, GrpcChannel> open, Func<ConcurrentBag<Socket>, HttpClient> openRest)
    {
        _channel = open(_sockets);
        Rest = openRest(_sockets);
        Invoker = _channel.CreateCallInvoker();
        AccessControl = new V1.AccessControlService.AccessControlServiceClient(Invoker);
        Adapters = new V1.AdapterService.AdapterServiceClient(Invoker);
        Events = new V1.EventService.EventServiceClient(Invoker);
        Groups = new V1.GroupService.GroupServiceClient(Invoker);
        Sessions = new V1.SessionService.SessionServiceClient(Invoker);
    }

    /// <summary>What other clients can be made from.</summary>
    public CallInvoker Invoker { get; }

    /// <summary>Access control lists.</summary>
    public V1.AccessControlService.AccessControlServiceClient AccessControl { get; }

    /// <summary>Groups.</summary>
    public V1.GroupService.GroupServiceClient Groups { get; }

    /// <summary>Sessions.</summary>
    public V1.SessionService.SessionServiceClient Sessions { get; }

    /// <summary>History and watch.</summary>
    public V1.EventService.EventServiceClient Events { get; }

    /// <summary>Streams.</summary>
    public V1.AdapterService.AdapterServiceClient Adapters { get; }

    /// <summary>REST, over a connection of its own; addresses are relative to the base of the API.</summary>
    public HttpClient Rest { get; }

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
        Rest.Dispose();
    }

    private static SocketsHttpHandler NewHandler(ConcurrentBag<Socket> sockets) => new()
    {
        // The least that HTTP/2 allows by default, so that a reader which stops is soon felt at the other end.
        InitialHttp2StreamWindowSize = 65_535,
        ConnectCallback = async (context, cancellation) =>
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            sockets.Add(socket);
            return new NetworkStream(socket, ownsSocket: true);
        },
    };
}
