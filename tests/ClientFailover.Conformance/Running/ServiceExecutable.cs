using System.Diagnostics;
using System.Reflection;

namespace ClientFailover.Conformance.Running;

/// <summary>Responsible for finding the service as it was built along with these tests, and for starting it.</summary>
internal static class ServiceExecutable
{
    // Not a copy beside the tests: what runs is what its own project built. The project file says where that is.
    private static readonly string Path = System.IO.Path.GetFullPath(
        typeof(ServiceExecutable).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "ServicePath").Value!);

    /// <summary>Starts a process of the service; its output is redirected, but not read yet.</summary>
    /// <param name="arguments">The command line.</param>
    /// <returns>The process.</returns>
    public static Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [Path, .. arguments])
        {
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
