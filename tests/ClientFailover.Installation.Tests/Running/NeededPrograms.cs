using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Running;

/// <summary>Responsible for programs of the system that these tests need: installs what is missing, once, where it may.</summary>
internal static class NeededPrograms
{
    private static readonly SemaphoreSlim OneByOne = new(1);

    // Another test project may be installing at the same time.
    private static readonly string[] Patiently = ["-o", "DPkg::Lock::Timeout=600", "--yes", "--no-install-recommends"];

    /// <summary>Makes sure that programs are there.</summary>
    /// <param name="programs">Each with the package of Debian that it is in.</param>
    public static async Task EnsureAsync(params (string Program, string Package)[] programs)
    {
        await OneByOne.WaitAsync();
        try
        {
            var missing = programs.Where(p => !IsThere(p.Program)).Select(p => p.Package).Distinct().ToArray();
            if (missing.Length == 0)
            {
                return;
            }

            var mayInstall = OperatingSystem.IsLinux() && Environment.IsPrivilegedProcess && IsThere("apt-get");
            Assert.That(mayInstall, Is.True, $"Something is missing. On Debian, as root: apt-get install {string.Join(' ', missing)}");
            await AptAsync("update");
            await AptAsync(["install", .. Patiently, .. missing]);
        }
        finally
        {
            OneByOne.Release();
        }
    }

    private static bool IsThere(string program) => Environment.GetEnvironmentVariable("PATH")!
        .Split(Path.PathSeparator)
        .Concat(["/usr/sbin", "/sbin"])
        .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task AptAsync(params string[] arguments)
    {
        var result = await Shell.TryAsync(
            "apt-get", arguments, environment: new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" });
        Assert.That(result.ExitCode, Is.Zero, $"apt-get {string.Join(' ', arguments)}:\n{result.Output}\n{result.Error}");
    }
}
