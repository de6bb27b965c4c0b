using System.Diagnostics;
using System.Reflection;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>
/// The process that holds the service for the demo: starts the real executable, and when the demo has ended, however
/// it did, ends it too and deletes the directory of the demo.
/// </summary>
internal static class ServiceProgram
{
    private const int DeleteAttempts = 20;
    private static readonly TimeSpan DeleteInterval = TimeSpan.FromMilliseconds(100);

    /// <param name="directory">The directory to delete in the end.</param>
    /// <param name="arguments">The arguments of the service.</param>
    public static async Task<int> RunAsync(string directory, string[] arguments)
    {
        using var lifeline = Lifeline.Hold();
        try
        {
            using var service = Process.Start(new ProcessStartInfo(Executable(), arguments)
            {
                // The service must not read what holds this process.
                RedirectStandardInput = true,
            })!;
            await service.WaitForExitAsync(lifeline.Ended).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!service.HasExited)
            {
                // All that it could save by an orderly stop is deleted now.
                service.Kill(entireProcessTree: true);
                await service.WaitForExitAsync();
            }

            return service.ExitCode;
        }
        finally
        {
            await DeleteAsync(directory);
        }
    }

    private static string Executable()
    {
        var assembly = typeof(ServiceProgram).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ServiceAssembly").Value;
        return Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null)!;
    }

    private static async Task DeleteAsync(string directory)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                Directory.Delete(directory, recursive: true);
                return;
            }
            catch (DirectoryNotFoundException)
            {
                return;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException && attempt < DeleteAttempts)
            {
                // An adapter, or a scanner of the system, has a file open for another moment.
                await Task.Delay(DeleteInterval);
            }
        }
    }
}
