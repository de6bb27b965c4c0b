using System.Diagnostics;
using System.Reflection;

namespace ClientFailover.Conformance.Running;

/// <summary>
/// Responsible for finding the service as it was built along with these tests, and for starting it. Another one, such as a published or
/// installed one, is named by the environment: <c>CLIENTFAILOVER_SERVICE=/usr/bin/client-failover</c>, or a program and what it
/// runs, separated by a blank.
/// </summary>
internal static class ServiceExecutable
{
    /// <summary>What starts it: a program, and its first arguments.</summary>
    public static IReadOnlyList<string> Command { get; } =
        Environment.GetEnvironmentVariable("CLIENTFAILOVER_SERVICE") is { Length: > 0 } other ? other.Split(' ') : [Host, Built];

    /// <summary>The repository, in which it was built.</summary>
    public static string Repository { get; } = Path.GetFullPath(Path.Combine(Path.GetDirectoryName(Built)!, "..", "..", "..", "..", ".."));

    // Not a copy beside the tests: what its own project built. The project file says where that is.
    private static string Built => Path.GetFullPath(
        typeof(ServiceExecutable).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ServicePath").Value!);

    private static string Host => Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Starts a process of the service; its output is redirected, but not read yet.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="readsInput">Whether its standard input is redirected, too.</param>
    /// <returns>The process.</returns>
    public static Process Start(IEnumerable<string> arguments, bool readsInput = false)
    {
        var start = new ProcessStartInfo(Command[0], [.. Command.Skip(1), .. arguments])
        {
            RedirectStandardInput = readsInput,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("ClientFailover__", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        return Process.Start(start)!;
    }
}
