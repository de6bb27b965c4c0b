using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Windows;

/// <summary>
/// The program for Windows, as far as Debian's Wine can run it: its runtime, settings, files and their locks, SQLite for Windows,
/// sockets. Not what it has no cryptography of Windows for, as the last test shows: keys of certificates, and hashes of passwords;
/// so that the service itself cannot be run.
/// </summary>
public sealed class WineTests
{
    private readonly TemporaryFolder _folder = new();

    private Wine _wine = null!;

    private string Data => Wine.PathOf(_folder.File("data"));

    [OneTimeSetUp]
    public async Task StartAsync() => _wine = await Wine.StartAsync();

    [OneTimeTearDown]
    public async Task StopAsync()
    {
        if (_wine is not null)
        {
            await _wine.DisposeAsync();
        }

        _folder.Dispose();
    }

    [Test]
    public async Task Help_OnWindows_NamesTheDataDirectoryOfWindows()
    {
        var help = await _wine.RunAsync("--help");

        Assert.That(help.ExitCode, Is.Zero, help.Error);
        Assert.That(help.Output, Does.Match(@"DataDirectory\s+C:\\ProgramData\\ClientFailover\r?\n"));
    }

    [Test]
    public async Task Start_SettingsWithMistakes_TellsAllAndCreatesNothing()
    {
        var data = _folder.File("never");

        var start = await _wine.RunAsync("--DataDirectory", Wine.PathOf(data), "--Port", "-1", "--Oops", "1");

        Assert.That(start.ExitCode, Is.EqualTo(2));
        Assert.That(start.Error, Does.Contain("--Oops is not a setting").And.Contain("Port is -1"));
        Assert.That(Directory.Exists(data), Is.False);
    }

    [Test]
    public async Task Health_NothingListens_SaysSo()
    {
        var health = await _wine.RunAsync("health", "--Address", "127.0.0.1", "--Port", "1");

        Assert.That(health.ExitCode, Is.EqualTo(1));
        Assert.That(health.Error, Does.Contain("The service does not answer at https://127.0.0.1:1/healthz/live"));
    }

    [Test]
    public async Task Database_WrittenOnWindows_IsReadThereAndOnLinux()
    {
        var linux = Path.Combine(await PublishedService.ForLinuxAsync(), "ClientFailover.Service");

        var added = await _wine.RunAsync("tenants", "add", "acme", "--DataDirectory", Data);
        var again = await _wine.RunAsync("tenants", "add", "acme", "--DataDirectory", Data);
        var there = await _wine.RunAsync("tenants", "list", "--DataDirectory", Data);
        var here = await Shell.RunAsync(linux, "tenants", "list", "--DataDirectory", _folder.File("data"));

        Assert.That((added.ExitCode, added.Output), Is.EqualTo((0, "The tenant 'acme' was added. It needs a namespace.\r\n")), added.Error);
        Assert.That(again.ExitCode, Is.Not.Zero);
        Assert.That(there.Output.ReplaceLineEndings("\n"), Is.EqualTo(here));
        Assert.That(here, Does.StartWith("acme\n"));
    }

    [Test]
    public async Task Backup_OnWindows_RemovesWhatAKilledOneLeftAndCanBeRestored()
    {
        var (data, file) = (Wine.PathOf(_folder.File("backed up")), Wine.PathOf(_folder.File("backup")));
        var left = Directory.CreateDirectory(_folder.File(".client-failover-backup-1")).FullName;
        await File.WriteAllTextAsync(Path.Combine(left, "clientfailover.db"), "a copy");
        await _wine.RunAsync("tenants", "add", "acme", "--DataDirectory", data);

        var backup = await _wine.RunAsync("backup", file, "--DataDirectory", data);
        await _wine.RunAsync("tenants", "add", "later", "--DataDirectory", data);
        var restore = await _wine.RunAsync("restore", file, "--replace", "--DataDirectory", data);
        var list = await _wine.RunAsync("tenants", "list", "--DataDirectory", data);

        Assert.That((backup.ExitCode, Directory.Exists(left)), Is.EqualTo((0, false)), backup.Error);
        Assert.That(restore.ExitCode, Is.Zero, restore.Error);
        Assert.That(list.Output, Does.StartWith("acme").And.Not.Contain("later"), list.Error);
    }

    [Test]
    public async Task Start_WithoutTheCryptographyOfWindows_EndsInOrderAndSaysWhy()
    {
        var start = await _wine.RunAsync("--DataDirectory", Wine.PathOf(_folder.File("service")), "--Address", "127.0.0.1", "--Port", "0");

        Assert.That(start.ExitCode, Is.EqualTo(1));
        Assert.That(start.Error, Does.Contain("CryptographicException").And.Contain("CngKey.Create"));
    }
}
