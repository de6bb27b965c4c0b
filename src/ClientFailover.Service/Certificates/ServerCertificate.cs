using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientFailover.Service.Certificates;

/// <summary>A certificate the service can present.</summary>
/// <param name="Name">Base name of its files.</param>
/// <param name="Certificate">The certificate with its private key.</param>
/// <param name="Chain">The other certificates of the same file, which clients need to get to an authority they know.</param>
internal sealed record ServerCertificate(string Name, X509Certificate2 Certificate, X509Certificate2Collection Chain)
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    /// <summary>Whether it was generated rather than supplied.</summary>
    public bool IsGenerated => SelfSignedCertificate.IsGenerated(Certificate);

    /// <summary>Whether another one shows the same to clients.</summary>
    /// <param name="other">The other.</param>
    /// <returns>True: nothing changed.</returns>
    public bool IsSameAs(ServerCertificate other) =>
        Certificate.Thumbprint == other.Certificate.Thumbprint
        && Chain.Select(c => c.Thumbprint).SequenceEqual(other.Chain.Select(c => c.Thumbprint));

    /// <summary>Reads a pair of files.</summary>
    /// <param name="certificatePath">Path of the certificate, PEM; the first in it is the server's own.</param>
    /// <param name="keyPath">Path of its key, PEM without password.</param>
    /// <returns>The certificate.</returns>
    /// <exception cref="KeyMismatchException">Each is valid, and they do not belong together.</exception>
    /// <exception cref="CryptographicException">One of them is not valid, or not for a server.</exception>
    public static ServerCertificate Load(string certificatePath, string keyPath)
    {
        X509Certificate2 certificate;
        var chain = new X509Certificate2Collection();
        try
        {
            certificate = X509Certificate2.CreateFromPemFile(certificatePath, keyPath);
            chain.ImportFromPemFile(certificatePath);
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            // For a key of another kind, as for one that is none, the framework says the same.
            throw AreEachValid(certificatePath, keyPath) ? new KeyMismatchException(e.Message, e) : new CryptographicException(e.Message, e);
        }

        var usage = certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>().FirstOrDefault();
        if (usage is not null && !usage.EnhancedKeyUsages.Cast<Oid>().Any(o => o.Value == ServerAuthentication))
        {
            throw new CryptographicException("The certificate is not meant for servers (extended key usage).");
        }

        chain.RemoveAt(0);
        return new ServerCertificate(Path.GetFileNameWithoutExtension(certificatePath), Usable(certificate), chain);
    }

    private static bool AreEachValid(string certificatePath, string keyPath)
    {
        try
        {
            X509CertificateLoader.LoadCertificateFromFile(certificatePath).Dispose();
            var key = File.ReadAllText(keyPath);
            using var rsa = RSA.Create();
            using var curve = ECDsa.Create();
            return IsKeyOf(rsa, key) || IsKeyOf(curve, key);
        }
        catch (CryptographicException)
        {
            return false;
        }
    }

    private static bool IsKeyOf(AsymmetricAlgorithm algorithm, string key)
    {
        try
        {
            algorithm.ImportFromPem(key);
            return true;
        }
        catch (Exception e) when (e is ArgumentException or CryptographicException)
        {
            return false;
        }
    }

    /// <summary>Windows cannot serve with a key that is only in memory: it goes through a key container once.</summary>
    private static X509Certificate2 Usable(X509Certificate2 certificate)
    {
        if (!OperatingSystem.IsWindows())
        {
            return certificate;
        }

        using (certificate)
        {
            return X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pkcs12), password: null);
        }
    }
}
