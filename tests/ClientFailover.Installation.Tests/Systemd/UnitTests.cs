using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Systemd;

/// <summary>The unit, by systemd's own judgement.</summary>
public sealed class UnitTests
{
    private static readonly string Unit = Repository.File("src", "Packaging", "linux", "client-failover.service");

    [OneTimeSetUp]
    public Task InstallAsync() => NeededPrograms.EnsureAsync(("systemd-analyze", "systemd"));

    [Test]
    public async Task Verify_Unit_HasNothingToSayButThatItIsNotInstalled()
    {
        var result = await Shell.TryAsync("systemd-analyze", ["verify", "--man=no", Unit]);

        var said = (result.Output + result.Error).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Contains("client-failover.service", StringComparison.Ordinal));
        Assert.That(said, Has.All.Contain("ClientFailover.Service is not executable: No such file or directory"));
    }

    [Test]
    public void Text_Unit_IsTriedForEverUnlessSettingsOrDataAreWrong() => Assert.That(
        File.ReadAllLines(Unit),
        Is.SupersetOf(["StartLimitIntervalSec=0", "Restart=on-failure", "RestartPreventExitStatus=2 6"]));

    [Test]
    public async Task Security_Unit_IsExposedByNoMoreThanItNeeds()
    {
        // Of 100: a service without any hardening has 96. What is left here is that it may use the network, and compiles while it runs.
        var result = await Shell.TryAsync("systemd-analyze", ["security", "--offline=true", "--threshold=15", "--no-pager", Unit]);

        Assert.That(result.ExitCode, Is.Zero, result.Output + result.Error);
    }
}
