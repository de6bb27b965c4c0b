using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ClientFailover.Service.Certificates;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for what the web server listens on, and for its limits.</summary>
/// <param name="options">The settings.</param>
/// <param name="certificates">What to present.</param>
/// <param name="limits">The limits of connections.</param>
/// <param name="stop">Ends connections when the service stops.</param>
internal sealed class Listeners(ServiceOptions options, ServerCertificates certificates, ConnectionLimits limits, ConnectionsAtStop stop)
{
    // Also for the slowest link: by then a segment has been repeated a few times.
    private static readonly TimeSpan DataRateGrace = TimeSpan.FromSeconds(5);

    // A peer that vanished without a word is noticed, and its streams' memory freed, within a minute.
    private static readonly TimeSpan KeepAlive = TimeSpan.FromSeconds(30);

    // What may be sent ahead over HTTP/2 and waits in memory, on a connection and on one of its streams, in bytes.
    private const int ConnectionWindow = 256 * 1024;
    private const int StreamWindow = 128 * 1024;

    private readonly List<(ListenOptions Listener, string Remark)> _listeners = [];

    /// <summary>What is listened on, in words; complete once the server has started.</summary>
    public IEnumerable<(string Address, string Remark)> Addresses => _listeners.Select(l => (l.Listener.ToString()!, l.Remark));

    /// <summary>The TCP port of everything over TLS, once the server has started.</summary>
    public int SecurePort => new Uri(_listeners.First(l => l.Remark.Length == 0).Listener.ToString()!).Port;

    /// <summary>Whether anything is listened on without encryption.</summary>
    public bool HasCleartext => options.CleartextHttpPort is not null || options.CleartextGrpcPort is not null;

    /// <summary>Configures the server.</summary>
    /// <param name="server">The server.</param>
    public void Configure(KestrelServerOptions server)
    {
        server.AddServerHeader = false;
        server.Limits.MaxRequestBodySize = options.MaxRequestBodySize;
        server.Limits.MaxRequestHeaderCount = options.MaxRequestHeaderCount;
        server.Limits.MaxRequestHeadersTotalSize = options.MaxRequestHeadersTotalSize;
        server.Limits.RequestHeadersTimeout = options.RequestHeadersTimeout;
        server.Limits.KeepAliveTimeout = options.IdleConnectionTimeout;
        server.Limits.MinRequestBodyDataRate = new MinDataRate(options.MinimumDataRate, DataRateGrace);
        server.Limits.MinResponseDataRate = new MinDataRate(options.MinimumDataRate, DataRateGrace);
        server.Limits.Http2.MaxStreamsPerConnection = options.MaxStreamsPerConnection;
        server.Limits.Http2.InitialConnectionWindowSize = ConnectionWindow;
        server.Limits.Http2.InitialStreamWindowSize = StreamWindow;
        server.Limits.Http2.KeepAlivePingDelay = KeepAlive;
        server.Limits.Http2.KeepAlivePingTimeout = KeepAlive;

        var address = IPAddress.Parse(options.Address);
        certificates.Load(HostNames.OfThisMachine);
        Listen(server, address, options.Port, HttpProtocols.Http1AndHttp2, string.Empty, isSecure: true);
        if (options.CleartextHttpPort is { } http)
        {
            Listen(server, address, http, HttpProtocols.Http1, " (HTTP/1.1 without encryption)");
        }

        if (options.CleartextGrpcPort is { } grpc)
        {
            Listen(server, address, grpc, HttpProtocols.Http2, " (HTTP/2 without encryption)");
        }
    }

    private static void Harden(SslServerAuthenticationOptions tls, SslStreamCertificateContext certificate, bool asksForCertificates)
    {
        tls.ServerCertificateContext = certificate;
        tls.AllowRenegotiation = false;
        if (!OperatingSystem.IsWindows())
        {
            tls.CipherSuitesPolicy = StrongSuites.Policy;
        }

        if (asksForCertificates)
        {
            // The chain that the handshake builds is not used, and must not fetch anything from where a certificate says.
            tls.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
                DisableCertificateDownloads = true,
            };
        }
    }

    private void Listen(
        KestrelServerOptions server,
        IPAddress address,
        int port,
        HttpProtocols protocols,
        string remark,
        bool isSecure = false) =>
        server.Listen(address, port, listener =>
        {
            listener.Protocols = protocols;
            listener.Use(limits.Guard);
            listener.Use(stop.Guard);
            if (isSecure)
            {
                listener.UseHttps(https =>
                {
                    https.HandshakeTimeout = options.RequestHeadersTimeout;

                    // The server wants one to begin with; each connection is given the newest.
                    https.ServerCertificate = certificates.Current.Certificate.Certificate;
                    https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
                    var asks = SchemeNames.Enables(options.AuthenticationSchemes, SchemeNames.Certificate);
                    if (asks)
                    {
                        AskForCertificates(https);
                    }

                    https.OnAuthenticate = (_, tls) => Harden(tls, certificates.Current.Context, asks);
                });
            }

            listener.Use(next => ConnectionLimits.TakeTurns(next, protocols));
            _listeners.Add((listener, remark));
        });

    /// <summary>
    /// Has callers show a certificate if they have one. Whose it is gets judged with the first request: a handshake that is
    /// refused would not tell why, and would shut out callers who have other credentials besides.
    /// </summary>
    private static void AskForCertificates(HttpsConnectionAdapterOptions https)
    {
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.ClientCertificateValidation = (_, _, _) => true;
    }
}
