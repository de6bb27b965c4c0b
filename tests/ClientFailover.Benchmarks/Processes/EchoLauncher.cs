using System.Net;
using ClientFailover.Benchmarks.Echo;

namespace ClientFailover.Benchmarks.Processes;

/// <summary>Starts the echo server as a process of its own.</summary>
internal static class EchoLauncher
{
    /// <summary>The word on the command line that makes this program the echo server.</summary>
    public const string Command = "echo";

    /// <summary>As long as those of the service, and never judged.</summary>
    private const string Authorization = "Basic YWRhcHRlcjphLXBhc3N3b3JkLW9mLXRoZS11c3VhbC1sZW5ndGg=";

    /// <summary>Starts it, under the same settings of the runtime as the service's.</summary>
    /// <param name="runtimeSettings">The service's runtimeconfig.json.</param>
    /// <returns>The server, ready.</returns>
    public static async Task<ServerProcess> StartAsync(string runtimeSettings)
    {
        var program = typeof(EchoLauncher).Assembly.Location;
        var process = ChildProcess.Start("dotnet", ["exec", "--runtimeconfig", runtimeSettings, program, Command]);
        var lines = await process.WaitForLinesAsync(EchoServer.ReadyLine, count: 1);
        var ports = lines[0][EchoServer.ReadyLine.Length..].Split(' ').Select(url => new Uri(url).Port).ToArray();
        return new ServerProcess(
            process,
            new ServerAddress(new IPEndPoint(IPAddress.Loopback, ports[0]), new IPEndPoint(IPAddress.Loopback, ports[1]), Authorization));
    }
}
