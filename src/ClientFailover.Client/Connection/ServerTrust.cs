using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection;

/// <summary>
/// Responsible for whether the service's certificate is taken: when the machine trusts it; when it is the configured one
/// itself, under whatever host name, because it has shown its key; or when the configured one has issued it. It must be in date.
/// </summary>
/// <param name="options">The configuration.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">The log.</param>
internal sealed partial class ServerTrust(FailoverOptions options, TimeProvider time, ILogger logger)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private bool _warned;

    /// <summary>How to check one connection's certificate; null: as the machine does.</summary>
    /// <param name="endpoint">The service as it is reached now. Only its host, and those of the configured endpoints, may go unchecked.</param>
    /// <exception cref="LinkException">The configured file cannot be read.</exception>
    public RemoteCertificateValidationCallback? CreateCallback(Endpoint endpoint)
    {
        if (!options.ValidateEndpointCertificate)
        {
            if (!_warned)
            {
                _warned = true;
                LogUnchecked(logger);
            }

            // Ordered by an explicit setting, and said in the log. A token endpoint elsewhere is not what the setting is about.
            var hosts = new[] { endpoint.Rest, options.Endpoint! }.Concat(options.AdditionalEndpoints).Select(e => e.IdnHost).ToList();
            return (sender, _, _, errors) =>
                errors == SslPolicyErrors.None || (sender is SslStream { TargetHostName: var host } && hosts.Contains(host, StringComparer.OrdinalIgnoreCase));
        }

        if (options.TrustedCertificateFile is not { Length: > 0 } file)
        {
            return null;
        }

        var trusted = Load(file);
        return (_, certificate, chain, errors) =>
            errors == SslPolicyErrors.None || (certificate is X509Certificate2 shown && IsTrusted(shown, chain, errors, trusted));
    }

    private static X509Certificate2Collection Load(string file)
    {
        var certificates = new X509Certificate2Collection();
        try
        {
            certificates.ImportFromPemFile(file);
        }
        catch (Exception e) when (CertificateFiles.IsUnreadable(e))
        {
            throw CertificateFiles.Unreadable(nameof(FailoverOptions.TrustedCertificateFile), file, e);
        }

        return certificates.Count > 0
            ? certificates
            : throw CertificateFiles.Unreadable(nameof(FailoverOptions.TrustedCertificateFile), file, null);
    }

    private bool IsTrusted(X509Certificate2 shown, X509Chain? presented, SslPolicyErrors errors, X509Certificate2Collection trusted)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (trusted.Any(t => t.RawDataMemory.Span.SequenceEqual(shown.RawDataMemory.Span)))
        {
            return now >= shown.NotBefore.ToUniversalTime() && now <= shown.NotAfter.ToUniversalTime();
        }

        if (errors != SslPolicyErrors.RemoteCertificateChainErrors)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(trusted);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.VerificationTime = now;
        chain.ChainPolicy.ApplicationPolicy.Add(new(ServerAuthentication));
        foreach (var element in presented?.ChainElements ?? Enumerable.Empty<X509ChainElement>())
        {
            chain.ChainPolicy.ExtraStore.Add(element.Certificate);
        }

        return chain.Build(shown);
    }

    [LoggerMessage(7000, LogLevel.Warning, "ValidateEndpointCertificate is false: whoever answers at the endpoint's address is taken for the failover service, and is sent the credentials. Set TrustedCertificateFile to the service's certificate instead.")]
    private static partial void LogUnchecked(ILogger logger);
}
