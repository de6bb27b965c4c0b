namespace ClientFailover.Client.Connection;

/// <summary>What to do about a certificate that is not trusted.</summary>
internal static class TrustAdvice
{
    /// <summary>For people.</summary>
    public const string Text =
        "Set TrustedCertificateFile to the service's certificate or that of its issuer (PEM), and use a host name that the certificate has.";
}
