using ClientFailover.Client.Connection.Credentials;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection;

/// <summary>Responsible for connections to the service, and to where tokens are had: encryption, keep-alive, credentials.</summary>
/// <param name="options">The configuration.</param>
/// <param name="trust">Whose certificates are taken.</param>
/// <param name="logger">The log.</param>
internal sealed partial class HttpConnections(FailoverOptions options, ServerTrust trust, ILogger logger)
{
    private static readonly TimeSpan LeastPing = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestConnect = TimeSpan.FromSeconds(10);

    private bool _warned;

    /// <summary>Who calls; null: nobody, or its certificate says it.</summary>
    public ICredential? Credential { get; set; }

    /// <summary>A connection for one link: what is on disk (certificates) is read anew for each.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="failoverTimeout">A dead connection must be found well within it.</param>
    /// <returns>The handler, owned by the caller.</returns>
    public HttpMessageHandler CreateHandler(Endpoint endpoint, TimeSpan failoverTimeout)
    {
        WarnOfClearText(endpoint);
        var handler = CreatePlainHandler(endpoint);
        if (ClientCertificate.Load(options) is { } certificate)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        var ping = failoverTimeout / 4 < LeastPing ? LeastPing : failoverTimeout / 4;
        handler.KeepAlivePingDelay = ping;
        handler.KeepAlivePingTimeout = ping;
        handler.KeepAlivePingPolicy = HttpKeepAlivePingPolicy.Always;
        handler.PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan;
        return Credential is { } credential ? new CredentialHandler(credential, endpoint, handler) : handler;
    }

    /// <summary>A connection that carries no credentials, as for the token endpoint, wherever that is.</summary>
    /// <param name="endpoint">The service for which it is.</param>
    /// <returns>The handler, owned by the caller.</returns>
    public SocketsHttpHandler CreatePlainHandler(Endpoint endpoint)
    {
        var handler = new SocketsHttpHandler
        {
            // Credentials go to the configured address and nowhere else.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = LongestConnect,
        };
        handler.SslOptions.RemoteCertificateValidationCallback = trust.CreateCallback(endpoint);
        return handler;
    }

    // On this machine nobody listens.
    private void WarnOfClearText(Endpoint endpoint)
    {
        var clear = new[] { endpoint.Rest, options.TokenEndpoint }.OfType<Uri>().FirstOrDefault(u => u.Scheme == Uri.UriSchemeHttp && !u.IsLoopback);
        if (!_warned && Credential is not null && clear is not null)
        {
            _warned = true;
            LogClearText(logger, clear.GetLeftPart(UriPartial.Authority));
        }
    }

    [LoggerMessage(7002, LogLevel.Warning, "The configured credentials go to {Address} without encryption: whoever listens in between can read and use them. Use an https address.")]
    private static partial void LogClearText(ILogger logger, string address);
}
