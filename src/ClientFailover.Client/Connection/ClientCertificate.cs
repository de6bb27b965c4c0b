using System.Security.Cryptography.X509Certificates;

namespace ClientFailover.Client.Connection;

/// <summary>Responsible for the certificate that the adapter authenticates with.</summary>
internal static class ClientCertificate
{
    /// <summary>Reads it.</summary>
    /// <param name="options">Says where it is.</param>
    /// <returns>The certificate with its key; null: none is configured.</returns>
    /// <exception cref="LinkException">It cannot be read.</exception>
    public static X509Certificate2? Load(FailoverOptions options)
    {
        if (options.ClientCertificateFile is not { Length: > 0 } file)
        {
            return null;
        }

        try
        {
            return X509Certificate2.GetCertContentType(file) == X509ContentType.Pkcs12
                ? X509CertificateLoader.LoadPkcs12FromFile(file, options.ClientCertificatePassword)
                : LoadPem(file, options.ClientCertificateKeyFile, options.ClientCertificatePassword);
        }
        catch (Exception e) when (CertificateFiles.IsUnreadable(e))
        {
            throw CertificateFiles.Unreadable(nameof(FailoverOptions.ClientCertificateFile), file, e);
        }
    }

    private static X509Certificate2 LoadPem(string file, string? keyFile, string? password)
    {
        using var pem = string.IsNullOrEmpty(password)
            ? X509Certificate2.CreateFromPemFile(file, keyFile)
            : X509Certificate2.CreateFromEncryptedPemFile(file, password, keyFile);

        // On Windows TLS cannot use a key that exists in memory alone.
        return X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
    }
}
