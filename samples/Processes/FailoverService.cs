using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClientFailover.Samples.Processes;

/// <summary>Responsible for a Client Failover service of our own: on a free port of this machine, with new data.</summary>
public sealed partial class FailoverService : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly ChildProcess _process;
    private readonly X509Certificate2 _certificate;
    private readonly HttpClient _client;

    private FailoverService(ChildProcess process, Uri address, string data)
    {
        _process = process;
        Endpoint = new Uri(address, "api/v1/clientfailover");
        CertificateFile = Directory.GetFiles(Path.Combine(data, "Certificates"), "*.crt").Single();
        var account = JsonSerializer.Deserialize<InitialAccount[]>(File.ReadAllText(Path.Combine(data, "initial-accounts.json")))!
            .Single(account => account.Role == "AVEVAFailoverUsers");
        (UserName, Password) = (account.Name, account.Password);

        _certificate = X509CertificateLoader.LoadCertificateFromFile(CertificateFile);
        _client = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { _certificate },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        });
        var credentials = Encoding.UTF8.GetBytes($"{UserName}:{Password}");
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(credentials));
    }

    /// <summary>Address of its REST API, as adapters are configured with.</summary>
    public Uri Endpoint { get; }

    /// <summary>Its generated certificate.</summary>
    public string CertificateFile { get; }

    /// <summary>The account that it made for adapters at its first start.</summary>
    public string UserName { get; }

    /// <summary>The password of that account.</summary>
    public string Password { get; }

    /// <summary>Starts it, and waits until it listens.</summary>
    /// <param name="data">Where its data is.</param>
    /// <param name="minimumFailoverTimeout">The shortest failover timeout that groups may have.</param>
    /// <param name="cancellation">Gives it up.</param>
    /// <returns>The service.</returns>
    /// <exception cref="ProgramException">It did not start.</exception>
    public static async Task<FailoverService> StartAsync(string data, TimeSpan minimumFailoverTimeout, CancellationToken cancellation)
    {
        string[] options = ["--DataDirectory", data, "--Address", "127.0.0.1", "--Port", "0", "--MinimumFailoverTimeout", minimumFailoverTimeout.ToString("c", CultureInfo.InvariantCulture)];
        var (process, address) = await ChildProcess.StartAsync(
            OwnPrograms.Host,
            OwnPrograms.Start("src/ClientFailover.Service", options),
            line => ListensOn.Match(line) is { Success: true } match ? new UriBuilder(match.Value) { Host = "localhost" }.Uri : null,
            StartTimeout,
            cancellation);
        return new FailoverService(process, address, data);
    }

    /// <summary>Session id of a group's Primary.</summary>
    /// <param name="group">Id of the group.</param>
    /// <param name="cancellation">Ends the request.</param>
    /// <returns>Null: it has none, or there is no such group.</returns>
    public async Task<string?> PrimaryOfAsync(string group, CancellationToken cancellation)
    {
        using var response = await _client.GetAsync(new Uri($"{Endpoint}/groups/{group}/status"), cancellation);
        if (response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }

        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<GroupStatus>(cancellation))!.Primary;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _certificate.Dispose();
        await _process.DisposeAsync();
    }

    [GeneratedRegex(@"(?<=Client Failover listens on )https://\S+:\d+")]
    private static partial Regex ListensOn { get; }

    private sealed record InitialAccount(string Name, string Password, string Role);

    private sealed record GroupStatus(string? Primary);
}
