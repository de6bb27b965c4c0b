using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientFailover.Client.Tests.Connection.Servers;

/// <summary>Responsible for certificates of tests, in a folder that goes with it.</summary>
internal sealed class TestCertificates : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("client-failover-").FullName;
    private readonly List<X509Certificate2> _made = [];
    private int _files;

    /// <summary>One that has issued itself.</summary>
    public X509Certificate2 SelfSigned(string name = "localhost", TimeSpan? age = null, TimeSpan? life = null)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var from = DateTimeOffset.UtcNow - (age ?? TimeSpan.FromHours(1));
        return Keep(Request(name, key).CreateSelfSigned(from, from + (life ?? TimeSpan.FromDays(1))));
    }

    /// <summary>An authority, and one that it has issued.</summary>
    public (X509Certificate2 Authority, X509Certificate2 Leaf) Issued(string name = "localhost", TimeSpan? age = null, TimeSpan? life = null)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authorityRequest = new CertificateRequest("CN=Test authority", authorityKey, HashAlgorithmName.SHA256);
        authorityRequest.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var authority = Keep(authorityRequest.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-10), DateTimeOffset.UtcNow.AddDays(10)));
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var from = DateTimeOffset.UtcNow - (age ?? TimeSpan.FromHours(1));
        using var leaf = Request(name, key).Create(authority, from, from + (life ?? TimeSpan.FromDays(1)), RandomNumberGenerator.GetBytes(8));
        using var withKey = leaf.CopyWithPrivateKey(key);
        return (authority, Keep(withKey));
    }

    /// <summary>Writes a certificate without its key.</summary>
    public string Pem(X509Certificate2 certificate) => File("crt", certificate.ExportCertificatePem());

    /// <summary>Writes a key.</summary>
    public string Key(X509Certificate2 certificate, string? password = null)
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return File("key", password is null
            ? key.ExportPkcs8PrivateKeyPem()
            : key.ExportEncryptedPkcs8PrivateKeyPem(password, new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
    }

    /// <summary>Writes certificate and key as PKCS#12.</summary>
    public string Pkcs12(X509Certificate2 certificate, string? password)
    {
        var path = Path.Combine(_folder, $"{++_files}.pfx");
        System.IO.File.WriteAllBytes(path, certificate.Export(X509ContentType.Pkcs12, password));
        return path;
    }

    /// <summary>Writes a file.</summary>
    public string File(string extension, string text)
    {
        var path = Path.Combine(_folder, $"{++_files}.{extension}");
        System.IO.File.WriteAllText(path, text);
        return path;
    }

    public void Dispose()
    {
        _made.ForEach(c => c.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(name);
        if (name == "localhost")
        {
            names.AddIpAddress(IPAddress.Loopback);
        }

        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")], false));
        return request;
    }

    private X509Certificate2 Keep(X509Certificate2 made)
    {
        // TLS on Windows cannot use a key that exists in memory alone.
        var kept = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
        _made.Add(kept);
        return kept;
    }
}
