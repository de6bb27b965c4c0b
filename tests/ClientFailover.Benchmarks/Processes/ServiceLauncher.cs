using System.Net;

namespace ClientFailover.Benchmarks.Processes;

/// <summary>Starts the real service as a process of its own, on free ports and with a data directory of its own.</summary>
/// <param name="executable">The service's executable.</param>
internal sealed class ServiceLauncher(string executable)
{
    /// <summary>The argument that lets heartbeats come as fast as they are answered.</summary>
    public static readonly string[] NoMinimumInterval = ["--MinimumHeartbeatInterval", "0"];

    /// <summary>
    /// Without the limits of callers: the load generator is one caller with more to say than any in the field. What comes in is metered all
    /// the same.
    /// </summary>
    private static readonly string[] NoLimits =
    [
        "--MaxRequestsPerSecondPerCaller", "0", "--MaxNewConnectionsPerSecond", "0", "--MaxConnectionsPerAddress", "0", "--MaxInputPerSecond", "1073741824",
        "--FailedHeartbeatsAtOnce", "0",
        "--MaxRequestsPerSecondPerNamespace", "1000000", "--MaxGroupsPerNamespace", "1000000", "--MaxSessionsPerNamespace", "1000000",
    ];

    private const string AddressMark = "Client Failover listens on ";

    /// <summary>The order in which the service tells its addresses: TLS, HTTP/1.1, HTTP/2.</summary>
    private const int AddressCount = 3;

    /// <summary>The service's executable.</summary>
    public string Executable => executable;

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
    public Task<ServerProcess> StartAsync(params string[] arguments) => StartAsync(limits: false, arguments);

    /// <summary>Starts it.</summary>
    /// <param name="limits">With the limits of callers that it has unless it is set up otherwise.</param>
    /// <param name="arguments">Settings besides ports, directory and limits.</param>
    /// <returns>The service, ready.</returns>
    public async Task<ServerProcess> StartAsync(bool limits, params string[] arguments)
    {
        var directory = new DataDirectory();
        var process = ChildProcess.Start(
            executable,
            ["--Port", "0", "--CleartextHttpPort", "0", "--CleartextGrpcPort", "0", "--DataDirectory", directory.Path, .. limits ? [] : NoLimits, .. arguments]);
        var lines = await process.WaitForLinesAsync(AddressMark, AddressCount);
        var ports = lines.Select(PortOf).ToArray();
        return new ServerProcess(
            process,
            new ServerAddress(new IPEndPoint(IPAddress.Loopback, ports[2]), new IPEndPoint(IPAddress.Loopback, ports[1]), directory.ReadAuthorization(), new IPEndPoint(IPAddress.Loopback, ports[0])),
            directory);
    }

    private static int PortOf(string line) =>
        new Uri(line[(line.IndexOf(AddressMark, StringComparison.Ordinal) + AddressMark.Length)..].Split(' ')[0]).Port;
}
