using System.Security.Cryptography.X509Certificates;

namespace ClientFailover.Service.Tests.Certificates;

/// <summary>Puts pairs of files where somebody would.</summary>
internal static class CertificateFiles
{
    public static string Supply(TemporaryDirectory data, string name, DateTimeOffset notBefore, DateTimeOffset notAfter)
    {
        using var certificate = TestCertificate.Create($"CN={name}", notBefore, notAfter);
        var file = data.File("Certificates", $"{name}.crt");
        Directory.CreateDirectory(data.File("Certificates", "Keys"));
        File.WriteAllText(KeyOf(data, name), certificate.GetRSAPrivateKey()!.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(KeyOf(data, name), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n");
        return certificate.Thumbprint;
    }

    public static string KeyOf(TemporaryDirectory data, string name) => data.File("Certificates", "Keys", $"{name}.key");
}
