using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Windows;

/// <summary>Responsible for PowerShell, installed as a tool of .NET for these tests alone.</summary>
[SetUpFixture]
internal sealed class PowerShell
{
    // Runs on the .NET that these tests run on; a later one may want a later .NET.
    private const string Version = "7.6.9";

    private static readonly Lazy<TemporaryFolder> Folder = new(() => new TemporaryFolder());
    private static readonly Lazy<Task<string>> Program = new(InstallAsync);

    /// <summary>Runs a script that lies beside these tests.</summary>
    /// <param name="script">Its name.</param>
    /// <param name="environment">What is added to its environment.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <returns>What it came to.</returns>
    public static async Task<Shell> RunAsync(string script, IReadOnlyDictionary<string, string>? environment, params string[] arguments) => await Shell.TryAsync(
        await Program.Value,
        ["-NoProfile", "-NonInteractive", "-File", Path.Combine(TestContext.CurrentContext.TestDirectory, "Windows", script), .. arguments],
        environment: new Dictionary<string, string>(environment ?? new Dictionary<string, string>())
        {
            ["NO_COLOR"] = "1",
            ["POWERSHELL_TELEMETRY_OPTOUT"] = "1",
            ["POWERSHELL_UPDATECHECK"] = "Off",
        });

    [OneTimeTearDown]
    public void Remove()
    {
        if (Folder.IsValueCreated)
        {
            Folder.Value.Dispose();
        }
    }

    private static async Task<string> InstallAsync()
    {
        await Shell.RunAsync(PublishedService.DotNet, "tool", "install", "powershell", "--version", Version, "--tool-path", Folder.Value.Path);
        return Folder.Value.File("pwsh");
    }
}
