using System.Diagnostics;
using ClientFailover.Testing;
using NUnit.Framework;

namespace ClientFailover.Conformance.Tls;

/// <summary>Responsible for a TLS client that, unlike .NET's, offers whatever a test wants.</summary>
internal static class OpenSsl
{
    private const string Program = "/usr/bin/openssl";

    /// <summary>Makes sure that it is there: installs it where that may be done.</summary>
    public static Task InstallAsync()
    {
        Assume.That(OperatingSystem.IsLinux(), "Windows leaves suites to the policy of the system.");
        return DebianPackages.EnsureAsync(() => File.Exists(Program), "openssl");
    }

    /// <summary>Shakes hands.</summary>
    /// <param name="service">Where.</param>
    /// <param name="input">What is typed afterwards.</param>
    /// <param name="options">What is offered.</param>
    /// <returns>Whether it came about, and all that was written.</returns>
    public static async Task<(bool IsConnected, string Output)> ConnectAsync(Uri service, string input, params string[] options)
    {
        var (exitCode, output) = await RunAsync(Program, input, ["s_client", "-connect", $"{service.Host}:{service.Port}", .. options]);
        return (exitCode == 0, output);
    }

    private static async Task<(int ExitCode, string Output)> RunAsync(string program, string input, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        try
        {
            await process.WaitForExitAsync().WaitAsync(TimeSpan.FromMinutes(5));
            return (process.ExitCode, await output + await errors);
        }
        finally
        {
            process.Kill();
        }
    }
}
