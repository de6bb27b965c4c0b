using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;

namespace ClientFailover.Conformance.Identity;

/// <summary>Responsible for certificates and lists of revoked ones, as openssl makes them.</summary>
internal sealed class CertificateAuthority
{
    /// <summary>For clients.</summary>
    public const string ForClients = "clientAuth";

    /// <summary>For servers only.</summary>
    public const string ForServers = "serverAuth";

    private readonly string _directory;
    private int _made;

    private CertificateAuthority(string directory) => _directory = directory;

    /// <summary>Its certificate.</summary>
    public string Path => File("ca.crt");

    /// <summary>Makes one.</summary>
    /// <param name="directory">Where its files go; made if it is not there.</param>
    /// <param name="name">Its name.</param>
    public static async Task<CertificateAuthority> CreateAsync(string directory, string name = "Plant CA")
    {
        Directory.CreateDirectory(directory);
        var authority = new CertificateAuthority(directory);
        await System.IO.File.WriteAllTextAsync(authority.File("index.txt"), "");
        await System.IO.File.WriteAllTextAsync(authority.File("serial"), "1000\n");
        await System.IO.File.WriteAllTextAsync(authority.File("ca.cnf"), $"""
            [ca]
            default_ca=this
            [this]
            database={directory}/index.txt
            new_certs_dir={directory}
            serial={directory}/serial
            certificate={directory}/ca.crt
            private_key={directory}/ca.key
            default_md=sha256
            default_days=30
            default_crl_days=30
            unique_subject=no
            policy=any
            [any]
            commonName=supplied
            """);
        await RunAsync([
            "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "3650", "-subj", $"/CN={name}",
            "-addext", "keyUsage=critical,keyCertSign,cRLSign", "-keyout", authority.File("ca.key"), "-out", authority.Path]);
        return authority;
    }

    /// <summary>Issues a certificate.</summary>
    /// <param name="subject">Its common name.</param>
    /// <param name="names">Its alternative names, as openssl writes them; null: none.</param>
    /// <param name="purpose">What it is for.</param>
    /// <param name="hasExpired">Whether its time is over.</param>
    /// <returns>The base path of its files, <c>.crt</c> and <c>.key</c>.</returns>
    public async Task<string> IssueAsync(string subject, string? names = null, string purpose = ForClients, bool hasExpired = false)
    {
        var path = File($"c{++_made}");
        await System.IO.File.WriteAllTextAsync(
            path + ".ext", $"extendedKeyUsage={purpose}\nbasicConstraints=CA:FALSE\n{(names is null ? "" : $"subjectAltName={names}\n")}");
        await RunAsync([
            "req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", $"/CN={subject}", "-keyout", path + ".key", "-out", path + ".csr"]);
        await RunAsync([
            "ca", "-batch", "-notext", "-config", File("ca.cnf"), "-in", path + ".csr", "-out", path + ".crt", "-extfile", path + ".ext",
            .. (hasExpired ? new[] { "-startdate", "20200101000000Z", "-enddate", "20210101000000Z" } : [])]);
        return path;
    }

    /// <summary>Revokes a certificate; a list is to follow.</summary>
    /// <param name="path">The base path of its files.</param>
    public Task RevokeAsync(string path) => RunAsync(["ca", "-config", File("ca.cnf"), "-revoke", path + ".crt"]);

    /// <summary>Writes the list of what it has revoked, in one move.</summary>
    /// <param name="to">The list's path.</param>
    /// <param name="isPast">Whether the next one should have come by now.</param>
    /// <param name="isBinary">In DER.</param>
    public async Task WriteListAsync(string to, bool isPast = false, bool isBinary = false)
    {
        var list = File("list");
        await RunAsync([
            "ca", "-config", File("ca.cnf"), "-gencrl", "-out", list,
            .. (isPast ? new[] { "-crl_lastupdate", "20200101000000Z", "-crl_nextupdate", "20210101000000Z" } : [])]);
        if (isBinary)
        {
            await RunAsync(["crl", "-in", list, "-outform", "DER", "-out", list]);
        }

        System.IO.File.Move(list, to, overwrite: true);
    }

    /// <summary>Reads a certificate with its key.</summary>
    /// <param name="path">The base path of its files.</param>
    public static X509Certificate2 Load(string path) => X509Certificate2.CreateFromPemFile(path + ".crt", path + ".key");

    private string File(string name) => System.IO.Path.Combine(_directory, name);

    private static async Task RunAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("openssl", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"openssl {string.Join(' ', arguments)}:\n{await output}\n{errors}");
    }
}
