using System.Diagnostics;
using ClientFailover.Samples.Processes;
using NUnit.Framework;

namespace ClientFailover.Samples.Tests.Sources;

/// <summary>Responsible for mosquitto and pymodbus being there: installs them once, where it may.</summary>
[SetUpFixture]
internal sealed class NeededPrograms
{
    private const string Packages = "mosquitto python3-pymodbus python3-serial-asyncio";

    [OneTimeSetUp]
    public async Task InstallAsync()
    {
        if (Broker.IsInstalled && ModbusServer.IsInstalled)
        {
            return;
        }

        var mayInstall = OperatingSystem.IsLinux() && Environment.UserName == "root" && File.Exists("/usr/bin/apt-get");
        Assert.That(mayInstall, Is.True, $"mosquitto or pymodbus is missing. On Debian, as root: apt-get install {Packages}");
        await RunAsync("update");
        await RunAsync($"install --yes --no-install-recommends {Packages}");
    }

    private static async Task RunAsync(string arguments)
    {
        var start = new ProcessStartInfo("apt-get", arguments) { RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["DEBIAN_FRONTEND"] = "noninteractive";
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, $"apt-get {arguments}:\n{await output}\n{errors}");
    }
}
