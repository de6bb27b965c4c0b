using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ClientFailover.Service.Configuration;

/// <summary>Responsible for reading the certificate that protects the keys of <see cref="SecretProtection"/>.</summary>
internal static class KeyCertificate
{
    /// <summary>Reads a certificate with its private key.</summary>
    /// <param name="path">A PFX file; or a PEM file with the certificate and its RSA key.</param>
    /// <param name="passwordFile">A file whose first line is the password; null: there is none.</param>
    /// <returns>The certificate.</returns>
    /// <exception cref="CryptographicException">It cannot be read so, or has no RSA key; the message says what, and no secret.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public static X509Certificate2 Load(string path, string? passwordFile)
    {
        var password = passwordFile is null ? null : File.ReadLines(passwordFile).FirstOrDefault() ?? "";
        var certificate = Read(path, password);
        if (certificate.GetRSAPublicKey() is null || !certificate.HasPrivateKey)
        {
            certificate.Dispose();
            throw new CryptographicException("It has no RSA private key.");
        }

        return certificate;
    }

    private static X509Certificate2 Read(string path, string? password)
    {
        var content = File.ReadAllBytes(path);
        if (X509Certificate2.GetCertContentType(content) == X509ContentType.Pkcs12)
        {
            // Windows would else leave the key behind in the account's profile, at each start; others keep it in memory anyway.
            var storage = OperatingSystem.IsWindows() ? X509KeyStorageFlags.EphemeralKeySet : X509KeyStorageFlags.DefaultKeySet;
            return X509CertificateLoader.LoadPkcs12(content, password, storage);
        }

        var pem = System.Text.Encoding.UTF8.GetString(content);
        return password is null ? X509Certificate2.CreateFromPem(pem, pem) : X509Certificate2.CreateFromEncryptedPem(pem, pem, password);
    }
}
