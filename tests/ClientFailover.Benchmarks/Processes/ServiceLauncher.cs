using System.Net;
using System.Text;
using System.Text.Json;

namespace ClientFailover.Benchmarks.Processes;

/// <summary>Starts the real service as a process of its own, on free ports and with a data directory of its own.</summary>
/// <param name="executable">The service's executable.</param>
internal sealed class ServiceLauncher(string executable)
{
    private const string ReadyLine = "Client Failover listens on ";
    private const string AdministratorsRole = "AVEVAFailoverAdministrators";

    /// <summary>The argument that lets heartbeats come as fast as they are answered.</summary>
    public static readonly string[] NoMinimumInterval = ["--MinimumHeartbeatInterval", "0"];

    /// <summary>The service's runtime settings, for what is compared with it.</summary>
    public string RuntimeSettings =>
        (executable.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) ? executable[..^4] : executable) + ".runtimeconfig.json";

    /// <summary>Where the service lies beside this program.</summary>
    /// <returns>The path.</returns>
    public static string DefaultExecutable() =>
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "ClientFailover.Service.exe" : "ClientFailover.Service");

    /// <summary>Starts it.</summary>
    /// <param name="arguments">Settings besides ports and directory.</param>
    /// <returns>The service, ready.</returns>
    public async Task<ServerProcess> StartAsync(IEnumerable<string> arguments)
    {
        var directory = Directory.CreateTempSubdirectory("client-failover-benchmark-").FullName;
        var process = ChildProcess.Start(executable, ["--Port", "0", "--DataDirectory", directory, .. arguments]);
        var line = await process.WaitForLineAsync(line => line.Contains(ReadyLine, StringComparison.Ordinal));
        var port = new Uri(line[(line.IndexOf(ReadyLine, StringComparison.Ordinal) + ReadyLine.Length)..]).Port;
        var endpoint = new IPEndPoint(IPAddress.Loopback, port);
        return new ServerProcess(process, new ServerAddress(endpoint, endpoint, await ReadCredentialsAsync(directory)), directory);
    }

    private static async Task<string> ReadCredentialsAsync(string directory)
    {
        await using var file = File.OpenRead(Path.Combine(directory, "initial-accounts.json"));
        var accounts = await JsonSerializer.DeserializeAsync<Account[]>(file) ?? [];
        var account = accounts.First(account => account.Role == AdministratorsRole);
        return "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{account.Name}:{account.Password}"));
    }

    private sealed record Account(string Name, string Password, string Role);
}
