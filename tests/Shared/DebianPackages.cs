using System.Diagnostics;
using NUnit.Framework;

namespace ClientFailover.Testing;

/// <summary>
/// Responsible for the programs of Debian packages that tests need: installs them where it may, and says what to install where it
/// may not. This file is compiled into each test project that asks for it.
/// </summary>
internal static class DebianPackages
{
    // Test projects run side by side, and of apt only one process may: the others wait.
    private static readonly string LockFile = Path.Combine(Path.GetTempPath(), "client-failover-apt.lock");

    /// <summary>Installs packages, unless what is needed of them is there.</summary>
    /// <param name="areThere">Tells whether it is; asked before and afterwards.</param>
    /// <param name="packages">Names of the packages, separated by blanks.</param>
    public static async Task EnsureAsync(Func<bool> areThere, string packages)
    {
        if (areThere())
        {
            return;
        }

        var mayInstall = OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/usr/bin/apt-get");
        Assert.That(mayInstall, Is.True, $"Programs that this test needs are missing. On Debian, as root: apt-get install {packages}");
        await RunAsync($"apt-get -q update && apt-get -q -o DPkg::Lock::Timeout=600 install --yes --no-install-recommends {packages}");
        Assert.That(areThere(), Is.True, $"apt-get installed {packages}, but what this test needs is not there");
    }

    private static async Task RunAsync(string commands)
    {
        var start = new ProcessStartInfo("flock", [LockFile, "/bin/sh", "-c", commands])
        {
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"{commands}:\n{await output}\n{errors}");
    }
}
