using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Grpc.Net.Client;

namespace ClientFailover.Samples.AdapterPair;

/// <summary>
/// Responsible for reaching the service: over TLS, trusting its generated certificate and no other, with Basic
/// credentials sent unasked, as adapters in the field do.
/// </summary>
internal sealed class ServiceConnection : IDisposable
{
    // A call that is answered at all is answered at once; this is what adapters in the field wait.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan PingInterval = TimeSpan.FromSeconds(5);

    private readonly X509Certificate2 _certificate;

    public ServiceConnection(Uri address, string certificateFile, string userName, string password)
    {
        _certificate = X509CertificateLoader.LoadCertificateFromFile(certificateFile);
        var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}"));

        // Two clients, as a stream lives as long as its adapter, and so must have no time limit.
        Http = Create(address, credentials, Timeout);
        Channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpClient = Create(address, credentials, System.Threading.Timeout.InfiniteTimeSpan),
            DisposeHttpClient = true,
        });
    }

    public HttpClient Http { get; }

    public GrpcChannel Channel { get; }

    public void Dispose()
    {
        Channel.Dispose();
        Http.Dispose();
        _certificate.Dispose();
    }

    private HttpClient Create(Uri address, string credentials, TimeSpan timeout)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,

            // A stream may be silent for long, and a service that vanished says nothing: these find it out.
            KeepAlivePingDelay = PingInterval,
            KeepAlivePingTimeout = PingInterval,
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { _certificate },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        };
        return new HttpClient(handler)
        {
            BaseAddress = address,
            Timeout = timeout,
            DefaultRequestHeaders = { Authorization = new AuthenticationHeaderValue("Basic", credentials) },
        };
    }
}
