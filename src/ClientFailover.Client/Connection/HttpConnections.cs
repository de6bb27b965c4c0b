using ClientFailover.Client.Connection.Credentials;

namespace ClientFailover.Client.Connection;

/// <summary>Responsible for connections to the service: encryption, keep-alive, credentials.</summary>
/// <param name="options">The configuration.</param>
/// <param name="credential">Who calls; null: nobody, or its certificate says it.</param>
/// <param name="trust">Whose certificates are taken.</param>
internal sealed class HttpConnections(FailoverOptions options, ICredential? credential, ServerTrust trust)
{
    private static readonly TimeSpan LeastPing = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(10);

    /// <summary>A connection for one link: what is on disk (certificates) is read anew for each.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="failoverTimeout">A dead connection must be found well within it.</param>
    /// <returns>The handler, owned by the caller.</returns>
    public HttpMessageHandler CreateHandler(Endpoint endpoint, TimeSpan failoverTimeout)
    {
        var handler = CreatePlainHandler();
        var ping = failoverTimeout / 4 < LeastPing ? LeastPing : failoverTimeout / 4;
        handler.KeepAlivePingDelay = ping;
        handler.KeepAlivePingTimeout = ping;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always;
        handler.PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan;
        return credential is null ? handler : new CredentialHandler(credential, endpoint, handler);
    }

    /// <summary>A connection that carries no credentials in its headers, as for the token endpoint.</summary>
    /// <returns>The handler, owned by the caller.</returns>
    public SocketsHttpHandler CreatePlainHandler()
    {
        var handler = new SocketsHttpHandler
        {
            // Credentials go to the configured address and nowhere else.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = LongestConnect,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = trust.CreateCallback();
        if (ClientCertificate.Load(options) is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return handler;
    }
}
