using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Debian;

/// <summary>The Debian package on a machine with a running systemd.</summary>
public sealed class PackageTests
{
    private const string Groups = "https://127.0.0.1:5591/api/v1/clientfailover/groups";

    private DebianPackages _packages = null!;

    [OneTimeSetUp]
    public async Task BuildAsync() => _packages = await DebianPackages.BuildAsync();

    [OneTimeTearDown]
    public void Remove() => _packages?.Dispose();

    [Test]
    public async Task Package_FromInstallationToPurge_ServesKeepsDataAndLeavesNothing()
    {
        await using var machine = await Machine.BootAsync(_packages.Path);

        await machine.RunAsync($"dpkg --install /packages/{DebianPackages.File}");
        await AssertServesAsync(machine);
        await AssertIsConfinedAsync(machine);

        // What an administrator does: another port, a group.
        await machine.RunAsync("sed -i s/5590/5591/ /etc/client-failover/appsettings.json; systemctl restart client-failover");
        var created = await CurlAsync(machine, $$"""-X POST -H 'Content-Type: application/json' -d '{"Id":"press","Name":"press"}' {{Groups}}""");
        Assert.That(created, Does.Contain("press"));

        await machine.RunAsync($"dpkg --install /packages/{DebianPackages.LaterFile}");

        // Else the old one would have run on over the files of the new one.
        await machine.RunAsync(
            """
            stopped=$(date -d "$(systemctl show client-failover --property=InactiveEnterTimestamp --timestamp=us --value)" +%s%6N)
            replaced=$(stat -c %.6Z /usr/lib/client-failover/ClientFailover.Service | tr -d .)
            test "$stopped" -lt "$replaced"
            """);
        Assert.That(await machine.RunAsync("dpkg-query -W -f '${Version}' client-failover"), Is.EqualTo(DebianPackages.Later));
        await AssertServesAsync(machine);
        Assert.That(await CurlAsync(machine, Groups), Does.Contain("press"), "Settings and data are kept.");

        await machine.RunAsync("dpkg --remove client-failover");
        Assert.That((await machine.TryAsync("pgrep ClientFailover")).ExitCode, Is.EqualTo(1), "It was stopped.");
        await machine.RunAsync("test ! -e /usr/bin/client-failover; test ! -e /usr/lib/client-failover");
        await machine.RunAsync("test -s /var/lib/client-failover/clientfailover.db; test -s /etc/client-failover/appsettings.json; getent passwd client-failover");

        await machine.RunAsync("dpkg --purge client-failover");
        await machine.RunAsync("test ! -e /var/lib/client-failover; test ! -e /etc/client-failover; test ! -e /usr/lib/systemd/system/client-failover.service");
        Assert.That((await machine.TryAsync("getent passwd client-failover")).ExitCode, Is.EqualTo(2), "The account is gone.");
        Assert.That(await machine.RunAsync("find /etc/systemd /var/lib/systemd -name '*client-failover*'"), Is.Empty);
    }

    [Test]
    public async Task Service_CannotStart_IsTriedUntilItCan()
    {
        await using var machine = await Machine.BootAsync(_packages.Path);

        // An address that is not this machine's: exit code 5, more often than systemd bears by itself.
        await machine.RunAsync(
            """
            mkdir -p /etc/systemd/system/client-failover.service.d
            printf '[Service]\nRestartSec=100ms\nEnvironment=ClientFailover__Address=192.0.2.1\n' >/etc/systemd/system/client-failover.service.d/test.conf
            """);
        await machine.TryAsync($"dpkg --install /packages/{DebianPackages.File}");
        await machine.RunAsync("until test \"$(systemctl show client-failover --property=NRestarts --value)\" -ge 7; do sleep 0.1; done");
        Assert.That(await machine.ShowAsync("ExecMainStatus"), Is.EqualTo("5").Or.EqualTo("0"), "Between two tries it has none.");

        await machine.RunAsync("sed -i /Address/d /etc/systemd/system/client-failover.service.d/test.conf; systemctl daemon-reload");
        await machine.RunAsync("until systemctl is-active client-failover; do sleep 0.1; done");
        await AssertServesAsync(machine);
    }

    [Test]
    public async Task Service_StandsStill_IsStartedAnewByTheWatchdogAndRemembers()
    {
        await using var machine = await Machine.BootAsync(_packages.Path);
        await machine.RunAsync(
            """
            mkdir -p /etc/systemd/system/client-failover.service.d
            printf '[Service]\nWatchdogSec=3s\nTimeoutAbortSec=1s\n' >/etc/systemd/system/client-failover.service.d/test.conf
            """);
        await machine.RunAsync($"dpkg --install /packages/{DebianPackages.File}");
        var accounts = await machine.RunAsync("cat /var/lib/client-failover/initial-accounts.json");
        var first = await machine.ShowAsync("MainPID");

        await machine.RunAsync($"kill -STOP {first}");
        await machine.RunAsync("until test \"$(systemctl show client-failover --property=NRestarts --value)\" = 1 && systemctl is-active client-failover; do sleep 0.1; done");

        await machine.RunAsync("client-failover health");
        Assert.That(await machine.ShowAsync("MainPID"), Is.Not.EqualTo(first));
        Assert.That(await machine.RunAsync("journalctl --unit=client-failover --no-pager"), Does.Contain("Watchdog timeout"));
        Assert.That(await machine.RunAsync("cat /var/lib/client-failover/initial-accounts.json"), Is.EqualTo(accounts));
    }

    [Test]
    public async Task Scripts_FromInstallationToPurge_DoTheSameWithoutAPackage()
    {
        using var folder = new TemporaryFolder();
        await CopyAsync(await PublishedService.ForLinuxAsync(), folder.Path);
        await CopyAsync(Repository.File("src", "Packaging", "linux"), folder.Path);
        await using var machine = await Machine.BootAsync(folder.Path);

        await machine.RunAsync("sh /packages/install.sh");
        await AssertServesAsync(machine);
        var accounts = await machine.RunAsync("cat /var/lib/client-failover/initial-accounts.json");
        await machine.RunAsync("sed -i s/5590/5591/ /etc/client-failover/appsettings.json");
        await machine.RunAsync("sh /packages/install.sh");
        await AssertServesAsync(machine);
        Assert.That(await machine.RunAsync("client-failover health"), Does.Contain(":5591"), "An upgrade keeps settings.");
        Assert.That(await machine.RunAsync("cat /var/lib/client-failover/initial-accounts.json"), Is.EqualTo(accounts), "And data.");

        await machine.RunAsync("sh /packages/uninstall.sh");
        await machine.RunAsync("test ! -e /usr/local/lib/client-failover; test -s /var/lib/client-failover/clientfailover.db");
        await machine.RunAsync("sh /packages/uninstall.sh --purge");
        await machine.RunAsync("test ! -e /var/lib/client-failover; test ! -e /etc/client-failover; test ! -e /etc/systemd/system/client-failover.service");
        Assert.That((await machine.TryAsync("getent passwd client-failover")).ExitCode, Is.EqualTo(2));
    }

    private static async Task CopyAsync(string from, string to) => await Shell.RunAsync("cp", "-r", $"{from}/.", to);

    private static async Task AssertServesAsync(Machine machine)
    {
        // "dpkg" and "systemctl start" return when it has said that it is ready.
        Assert.That(await machine.ShowAsync("ActiveState"), Is.EqualTo("active"), await machine.RunAsync("journalctl --unit=client-failover --no-pager"));
        Assert.That(await machine.RunAsync("client-failover health"), Does.StartWith("The service answers"));
        Assert.That(await machine.RunAsync("client-failover users list"), Does.Contain("AVEVAFailoverAdministrators"));
    }

    private static async Task AssertIsConfinedAsync(Machine machine)
    {
        var process = await machine.ShowAsync("MainPID");
        var status = await machine.RunAsync($"cat /proc/{process}/status");
        Assert.That(status, Does.Match("NoNewPrivs:\\s+1").And.Match("CapBnd:\\s+0000000000000000").And.Match("Seccomp:\\s+2"));
        Assert.That(await machine.RunAsync($"ps -o user:32= -p {process}"), Is.EqualTo("client-failover"));
        Assert.That(await machine.RunAsync("stat -c '%a %U %G' /var/lib/client-failover"), Is.EqualTo("700 client-failover client-failover"));
        Assert.That(await machine.RunAsync("stat -c '%a %U' /var/lib/client-failover/initial-accounts.json"), Is.EqualTo("600 client-failover"));
        Assert.That(await machine.RunAsync("systemctl is-enabled client-failover"), Is.EqualTo("enabled"));
    }

    private static Task<string> CurlAsync(Machine machine, string request) => machine.RunAsync(
        $$"""
        password=$(tr -d '\n' </var/lib/client-failover/initial-accounts.json | sed 's/.*"Name": *"\([^"]*\)", *"Password": *"\([^"]*\)", *"Role": *"AVEVAFailoverAdministrators".*/\1:\2/')
        curl --silent --show-error --insecure --fail-with-body --user "$password" {{request}}
        """);
}
