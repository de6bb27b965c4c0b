using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace ClientFailover.Benchmarks.Processes;

/// <summary>A data directory for one service, deleted with it.</summary>
internal sealed class DataDirectory : IDisposable
{
    private const string AccountsFile = "initial-accounts.json";
    private const string CertificateFile = "Certificates/client-failover.crt";
    private const string AdministratorsRole = "AVEVAFailoverAdministrators";

    /// <summary>Where it is.</summary>
    public string Path { get; } = Directory.CreateTempSubdirectory("client-failover-benchmark-").FullName;

    /// <summary>Whether a service has made its accounts in it.</summary>
    public bool HasAccounts => File.Exists(System.IO.Path.Combine(Path, AccountsFile));

    /// <summary>The account that the service made when it started first.</summary>
    /// <returns>The value of the Authorization header.</returns>
    public string ReadAuthorization()
    {
        var json = File.ReadAllText(System.IO.Path.Combine(Path, AccountsFile));
        var account = JsonSerializer.Deserialize<Account[]>(json)!.First(account => account.Role == AdministratorsRole);
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Name}:{account.Password}"));
    }

    /// <summary>Tells the service's own certificate from any other.</summary>
    /// <param name="certificate">What a server showed.</param>
    /// <returns>Whether the service made it.</returns>
    public bool IsCertificate(X509Certificate? certificate)
    {
        using var own = X509CertificateLoader.LoadCertificateFromFile(System.IO.Path.Combine(Path, CertificateFile));
        return own.Equals(certificate);
    }

    /// <inheritdoc/>
    public void Dispose() => Directory.Delete(Path, recursive: true);

    private sealed record Account(string Name, string Password, string Role);
}
