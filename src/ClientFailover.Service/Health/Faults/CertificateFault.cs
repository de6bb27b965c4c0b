using ClientFailover.Service.Certificates;

namespace ClientFailover.Service.Health.Faults;

/// <summary>Responsible for telling that the certificate which new connections get has expired.</summary>
/// <param name="certificates">The certificate.</param>
/// <param name="time">The clock.</param>
internal sealed class CertificateFault(ServerCertificates certificates, TimeProvider time) : IFaultSource
{
    /// <inheritdoc/>
    public string? Current =>
        certificates.Current.Certificate.Certificate.NotAfter.ToUniversalTime() < time.GetUtcNow().UtcDateTime ? "the TLS certificate has expired" : null;
}
