using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using ClientFailover.Service.Configuration;

namespace ClientFailover.Service.Health.Sending;

/// <summary>Responsible for the connections to an endpoint. Each has its own, so that none waits for another's.</summary>
internal static class EndpointHandlers
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(10);

    // Longer than the time between two messages; short enough for a change of the name server to be noticed.
    private static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan IdleTimeout = TimeSpan.FromSeconds(90);

    /// <summary>Makes them.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>The connections, none of them open yet.</returns>
    public static SocketsHttpHandler Create(HealthEndpoint endpoint)
    {
        var address = new Uri(endpoint.Endpoint);
        var handler = new SocketsHttpHandler
        {
            // A redirection would take messages and credentials to where nobody has sent them.
            AllowAutoRedirect = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = Lifetime,
            PooledConnectionIdleTimeout = IdleTimeout,
            MaxConnectionsPerServer = 2,
            SslOptions = { EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13 },
        };
        if (endpoint.Username is null && endpoint.ClientId is null)
        {
            // Of the account that the service runs as, by this scheme alone.
            handler.Credentials = new CredentialCache { { address, "Negotiate", CredentialCache.DefaultNetworkCredentials } };
        }

        if (endpoint.ValidateEndpointCertificate == false)
        {
            // Of this host alone: where a token is asked for elsewhere, the secret goes to nobody unknown.
            handler.SslOptions.RemoteCertificateValidationCallback = (connection, _, _, errors) =>
                errors == SslPolicyErrors.None || (connection is SslStream tls && Is(tls.TargetHostName, address));
        }

        return handler;
    }

    private static bool Is(string name, Uri address) =>
        string.Equals(name, address.IdnHost, StringComparison.OrdinalIgnoreCase) || string.Equals(name, address.DnsSafeHost, StringComparison.OrdinalIgnoreCase);
}
