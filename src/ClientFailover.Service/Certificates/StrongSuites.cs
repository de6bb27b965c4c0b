using System.Net.Security;
using System.Runtime.Versioning;

namespace ClientFailover.Service.Certificates;

/// <summary>
/// The cipher suites that are offered: authenticated encryption with forward secrecy, nothing else. Windows leaves the choice to
/// the policy of the system.
/// </summary>
[UnsupportedOSPlatform("windows")]
internal static class StrongSuites
{
    /// <summary>The suites, the preferred ones first; those beginning with <c>TLS_ECDHE</c> are of TLS 1.2.</summary>
    public static CipherSuitesPolicy Policy { get; } = new(
    [
        TlsCipherSuite.TLS_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
        TlsCipherSuite.TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256,
    ]);
}
