using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Debian;

/// <summary>The package, by Debian's own judgement.</summary>
public sealed class LintianTests
{
    [OneTimeSetUp]
    public Task InstallAsync() => NeededPrograms.EnsureAsync(("lintian", "lintian"));

    [Test]
    public async Task Lintian_Package_FindsNoErrorAndNoWarning()
    {
        using var folder = new TemporaryFolder();
        Assert.That(
            await File.ReadAllTextAsync(Repository.File("src", "Packaging", "linux", "debian", "lintian-overrides")),
            Does.Contain("unstripped-binary-or-object"),
            "What is left out below is overridden.");

        // Small programs in place of the service: looking through that would take longer than everything else here together.
        Directory.CreateDirectory(folder.File("published"));
        File.Copy("/bin/true", folder.File("published/ClientFailover.Service"));
        File.Copy("/bin/true", folder.File("published/libe_sqlite3.so"));
        var package = await DebianPackages.BuildAsync(folder.File("published"), folder.Path, "--maintainer", "Client Failover <client-failover@debian.org>");

        var result = await Shell.TryAsync("lintian", ["--no-cfg", "--allow-root", "--fail-on", "error,warning", package]);

        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Error);
    }
}
