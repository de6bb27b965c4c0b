using System.Diagnostics;
using System.Reflection;

namespace ClientFailover.Conformance.Running;

/// <summary>Responsible for finding the service as it was built along with these tests, and for starting it.</summary>
internal static class ServiceExecutable
{
    /// <summary>
    /// What <see cref="Host"/> runs. Not a copy beside the tests: what its own project built. The project file says where that is.
    /// </summary>
    public static string Path { get; } = System.IO.Path.GetFullPath(
        typeof(ServiceExecutable).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ServicePath").Value!);

    /// <summary>The program that runs it.</summary>
    public static string Host { get; } = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";

    /// <summary>Starts a process of the service; its output is redirected, but not read yet.</summary>
    /// <param name="arguments">The command line.</param>
    /// <param name="readsInput">Whether its standard input is redirected, too.</param>
    /// <returns>The process.</returns>
    public static Process Start(IEnumerable<string> arguments, bool readsInput = false)
    {
        var start = new ProcessStartInfo(Host, [Path, .. arguments])
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
