using System.Diagnostics;

namespace ClientFailover.Conformance.Running;

/// <summary>Responsible for finding the service as it was built along with these tests, and for starting it.</summary>
internal static class ServiceExecutable
{
    private static readonly string Assembly = Find();

    /// <summary>Starts a process of the service; its output is redirected, but not read yet.</summary>
    /// <param name="arguments">The command line.</param>
    /// <returns>The process.</returns>
    public static System.Diagnostics.Process Start(IEnumerable<string> arguments)
    {
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Assembly);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in start.Environment.Keys.Where(k => k.StartsWith("ClientFailover__", StringComparison.OrdinalIgnoreCase)).ToList())
        {
            start.Environment.Remove(name);
        }

        return System.Diagnostics.Process.Start(start)!;
    }

    // Not from a copy beside the tests: what runs is what its own project built.
    private static string Find()
    {
        var output = new DirectoryInfo(AppContext.BaseDirectory);
        var configuration = output.Parent!.Name;
        for (var directory = output; directory is not null; directory = directory.Parent)
        {
            var path = Path.Combine(
                directory.FullName, "src", "ClientFailover.Service", "bin", configuration, output.Name, "ClientFailover.Service.dll");
            if (File.Exists(path))
            {
                return path;
            }
        }

        throw new FileNotFoundException("The service is not built.", "ClientFailover.Service.dll");
    }
}
