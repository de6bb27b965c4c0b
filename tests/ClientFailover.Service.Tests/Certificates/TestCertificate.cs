using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientFailover.Service.Tests.Certificates;

/// <summary>Certificates as somebody might supply them.</summary>
internal static class TestCertificate
{
    public static X509Certificate2 Create(string subject, DateTimeOffset notBefore, DateTimeOffset notAfter, string usage = "1.3.6.1.5.5.7.3.1")
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest(subject, key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], false));
        return request.CreateSelfSigned(notBefore, notAfter);
    }
}
