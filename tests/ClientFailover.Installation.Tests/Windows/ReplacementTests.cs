using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Windows;

/// <summary>The scripts for Windows that find a service installed: another version in its place, or none.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReplacementTests : IDisposable
{
    private const string Service = WindowsMachine.Service;

    private readonly WindowsRig _windows = new();

    public void Dispose() => _windows.Dispose();

    [Test]
    public async Task Upgrade_NewerVersion_KeepsSettingsAndRuns()
    {
        var (old, newer) = (_windows.Publish("1.0.0"), _windows.Publish("1.1.0"));

        var machine = await _windows.RunAsync(("Install", new { Source = old, Port = 6000 }), ("Upgrade", new { Source = newer }));

        Assert.That(machine.Problems, Is.Empty);
        Assert.That(machine.Calls.TakeLast(3), Is.EqualTo([$"Stop-Service {Service}", "Process 1 ended", $"Start-Service {Service}"]));
        Assert.That(_windows.Version, Is.EqualTo("1.1.0"));
        Assert.That(_windows.Settings.GetProperty("ClientFailover").GetProperty("Port").GetInt32(), Is.EqualTo(6000));
        Assert.That((Directory.Exists(_windows.Program + ".old"), Directory.EnumerateFileSystemEntries(_windows.Data)), Is.EqualTo((false, Array.Empty<string>())));
    }

    [Test]
    public async Task Upgrade_NewVersionDoesNotAnswer_PutsTheProgramBackAndRestoresTheData()
    {
        var (old, broken) = (_windows.Publish("1.0.0"), PublishBroken("1.1.0"));
        _windows.LeaveDatabase("as the old version left it");

        var machine = await _windows.RunAsync(("Install", new { Source = old }), ("Upgrade", new { Source = broken }));

        Assert.That(machine.Problems.Single(), Does.StartWith("Version 1.1.0 did not work, and 1.0.0 runs again").And.Contain("before-restore-"));
        Assert.That(machine.Services[Service], Is.EqualTo("Running"));
        Assert.That(_windows.Version, Is.EqualTo("1.0.0"));

        // By the program's own command, while none runs: it puts terms beyond those that the new version may have told.
        Assert.That(File.ReadAllText(_windows.Database), Is.EqualTo("as the old version left it, closed, restored by 1.0.0"));
        Assert.That(Directory.EnumerateFileSystemEntries(_windows.Data), Is.EqualTo([_windows.Database]), "The backup is gone.");
    }

    [Test]
    public async Task Upgrade_NewVersionDoesNotAnswerAndThereWereNoData_RemovesWhatItMade()
    {
        var (old, broken) = (_windows.Publish("1.0.0"), PublishBroken("1.1.0"));

        var machine = await _windows.RunAsync(("Install", new { Source = old }), ("Upgrade", new { Source = broken }));

        Assert.That(machine.Problems.Single(), Does.StartWith("Version 1.1.0 did not work, and 1.0.0 runs again").And.Not.Contain("before-restore-"));
        Assert.That((machine.Services[Service], _windows.Version), Is.EqualTo(("Running", "1.0.0")));
        Assert.That(Directory.EnumerateFileSystemEntries(_windows.Data), Is.Empty, "The old version could not read it.");
    }

    [Test]
    public async Task Upgrade_DataCannotBeSaved_TouchesNothingAndStartsTheOldVersion()
    {
        var (old, newer) = (_windows.Publish("1.0.0"), _windows.Publish("1.1.0"));
        WindowsRig.Change(old, "cp \"$5/clientfailover.db\" \"$2\"", "exit 8");
        _windows.LeaveDatabase("as the old version left it");

        var machine = await _windows.RunAsync(("Install", new { Source = old }), ("Upgrade", new { Source = newer }));

        Assert.That(machine.Problems.Single(), Does.StartWith("Version 1.1.0 did not work, and 1.0.0 runs again").And.Contain("exit code 8"));
        Assert.That((machine.Services[Service], _windows.Version), Is.EqualTo(("Running", "1.0.0")));
        Assert.That(File.ReadAllText(_windows.Database), Is.EqualTo("as the old version left it, closed"));
    }

    [Test]
    public async Task Upgrade_DataInTheFolderOfTheProgram_IsRefusedBeforeAnythingIsDone()
    {
        var (old, newer) = (_windows.Publish("1.0.0"), _windows.Publish("1.1.0"));

        var machine = await _windows.RunAsync(
            ("Install", new { Source = old }), ("Given", new { DataDirectory = Path.Combine(_windows.Program, "data") }), ("Upgrade", new { Source = newer }));

        Assert.That(machine.Problems.Single(), Does.Contain("in the folder of the program"));
        Assert.That(machine.Calls[^1], Is.EqualTo($"Start-Service {Service}"), "It was not even stopped.");
        Assert.That(_windows.Version, Is.EqualTo("1.0.0"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Uninstall_DataInTheFolderOfTheProgram_OnlyIfTheyMayGo(bool removesData)
    {
        var source = _windows.Publish("1.0.0");

        var machine = await _windows.RunAsync(
            ("Install", new { Source = source }),
            ("Given", new { DataDirectory = Path.Combine(_windows.Program, "data") }),
            ("Uninstall", new { Confirm = false, RemoveData = removesData }));

        Assert.That(machine.Problems, removesData ? Is.Empty : Has.One.Contains("Nothing was removed"));
        Assert.That((machine.Services.Count, Directory.Exists(_windows.Program)), Is.EqualTo(removesData ? (0, false) : (1, true)));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Upgrade_OlderVersion_OnlyIfItIsAllowed(bool allowed)
    {
        var (installed, older) = (_windows.Publish("1.10.0"), _windows.Publish("1.9.0"));

        var machine = await _windows.RunAsync(("Install", new { Source = installed }), ("Upgrade", new { Source = older, AllowOlder = allowed }));

        Assert.That(machine.Problems, allowed ? Is.Empty : Has.One.Contains("1.10.0 is installed, which is newer than 1.9.0"));
        Assert.That(_windows.Version, Is.EqualTo(allowed ? "1.9.0" : "1.10.0"));
        Assert.That(machine.Services[Service], Is.EqualTo("Running"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Uninstall_Installed_LeavesDataAndGroupsUnlessTold(bool all)
    {
        var source = _windows.Publish("1.0.0");

        var machine = await _windows.RunAsync(
            ("Install", new { Source = source, OpenFirewall = true }),
            ("Uninstall", new { Confirm = false, RemoveData = all, RemoveGroups = all }));

        Assert.That(machine.Problems, Is.Empty);
        Assert.That((machine.Services, machine.Rules, machine.Keys), Is.EqualTo((new Dictionary<string, string>(), Array.Empty<string>(), Array.Empty<string>())));
        Assert.That((Directory.Exists(_windows.Program), Directory.Exists(_windows.Data), machine.Groups.Count), Is.EqualTo((false, !all, all ? 0 : 2)));
    }

    [Test]
    public async Task Upgrade_ProcessDoesNotEnd_TouchesNothingAndStartsTheOldVersion()
    {
        var (old, newer) = (_windows.Publish("1.0.0"), _windows.Publish("1.1.0"));

        var machine = await _windows.RunAsync(("Install", new { Source = old }), ("Given", new { ProcessStays = true }), ("Upgrade", new { Source = newer }));

        Assert.That(machine.Problems.Single(), Does.StartWith("Version 1.1.0 did not work, and 1.0.0 runs again").And.Contain("process 1 has not ended"));
        Assert.That(machine.Services[Service], Is.EqualTo("Running"));
        Assert.That(_windows.Version, Is.EqualTo("1.0.0"));
        Assert.That((Directory.Exists(_windows.Program + ".old"), Directory.EnumerateFileSystemEntries(_windows.Data)), Is.EqualTo((false, Array.Empty<string>())));
    }

    [TestCase("program")]
    [TestCase("backup")]
    public async Task Upgrade_LastOneWasNotFinished_KeepsWhatMayBeAllThatWorks(string left)
    {
        var (old, newer) = (_windows.Publish("1.0.0"), _windows.Publish("1.1.0"));
        var path = left == "program" ? Path.Combine(_windows.Program + ".old", "some.dll") : Path.Combine(_windows.Data, "before-upgrade.cfbackup");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, "the only one");

        var machine = await _windows.RunAsync(("Install", new { Source = old }), ("Upgrade", new { Source = newer }));

        Assert.That(machine.Problems[^1], Does.Contain("is left of an upgrade that did not come to its end"));
        Assert.That(machine.Calls, Has.None.StartsWith("Stop-Service"));
        Assert.That((File.ReadAllText(path), _windows.Version), Is.EqualTo(("the only one", "1.0.0")));
    }

    [TestCase("Upgrade")]
    [TestCase("Uninstall")]
    public async Task Run_DataDirectoryIsRelative_IsRefusedBeforeAnythingIsDone(string script)
    {
        var (old, newer) = (_windows.Publish("1.0.0"), _windows.Publish("1.1.0"));
        object how = script == "Upgrade" ? new { Source = newer } : new { Confirm = false, RemoveData = true };

        var machine = await _windows.RunAsync(("Install", new { Source = old }), ("Given", new { DataDirectory = "data" }), (script, how));

        Assert.That(machine.Problems.Single(), Does.StartWith("DataDirectory is 'data' in ").And.Contain("set the whole path"));
        Assert.That((machine.Services[Service], _windows.Version), Is.EqualTo(("Running", "1.0.0")));
    }

    [Test]
    public async Task Upgrade_InstalledElsewhere_FindsTheFolder()
    {
        var (old, newer) = (_windows.Publish("1.0.0"), _windows.Publish("1.1.0"));
        var elsewhere = _windows.PathOf("D/Client Failover");

        var machine = await _windows.RunAsync(("Install", new { Source = old, Destination = elsewhere }), ("Upgrade", new { Source = newer }));

        Assert.That((machine.Problems, machine.Services[Service]), Is.EqualTo((Array.Empty<string>(), "Running")));
        Assert.That(WindowsRig.VersionIn(elsewhere), Is.EqualTo("1.1.0"));
        Assert.That(Directory.Exists(_windows.Program), Is.False);
    }

    [Test]
    public async Task Upgrade_FromTheInstalledProgram_IsRefused()
    {
        var source = _windows.Publish("1.0.0");

        var machine = await _windows.RunAsync(("Install", new { Source = source }), ("Upgrade", new { Source = _windows.Program }));

        Assert.That(machine.Problems.Single(), Does.Contain("is the installed program itself"));
        Assert.That((machine.Services[Service], File.Exists(Path.Combine(_windows.Program, "e_sqlite3.dll"))), Is.EqualTo(("Running", true)));
    }

    [Test]
    public async Task Uninstall_InstalledElsewhere_RemovesItAndItsData()
    {
        var source = _windows.Publish("1.0.0");
        var (elsewhere, data) = (_windows.PathOf("D/Client Failover"), _windows.PathOf("E/data"));

        var machine = await _windows.RunAsync(
            ("Install", new { Source = source, Destination = elsewhere, DataDirectory = data }),
            ("Uninstall", new { Confirm = false, RemoveData = true }));

        Assert.That((machine.Problems, machine.Services.Count), Is.EqualTo((Array.Empty<string>(), 0)));
        Assert.That((Directory.Exists(elsewhere), Directory.Exists(data)), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task Uninstall_DataUnknown_IsRefusedBeforeAnythingIsDone()
    {
        var source = _windows.Publish("1.0.0");

        var machine = await _windows.RunAsync(
            ("Install", new { Source = source }),
            ("Given", new { Removed = Path.Combine(_windows.Program, "appsettings.json") }),
            ("Uninstall", new { Confirm = false, RemoveData = true }));

        Assert.That(machine.Problems.Single(), Does.Contain("no settings").And.Contain(_windows.Program));
        Assert.That((machine.Services[Service], Directory.Exists(_windows.Program), Directory.Exists(_windows.Data)), Is.EqualTo(("Running", true, true)));
    }

    /// <summary>Publishes a version that migrates the database and then does not answer.</summary>
    private string PublishBroken(string version)
    {
        var folder = _windows.Publish(version, answers: false);
        WindowsRig.Change(folder, "exit 1", $"echo migrated >'{_windows.Database}'; exit 1");
        return folder;
    }
}
