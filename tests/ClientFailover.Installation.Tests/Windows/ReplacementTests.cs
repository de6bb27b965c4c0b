using System.Text.Json;
using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Windows;

/// <summary>The scripts for Windows that find a service installed: another version in its place, or none.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ReplacementTests : IDisposable
{
    private const string Service = WindowsMachine.Service;

    private readonly TemporaryFolder _root = new();

    private string Program => _root.File("Program Files/ClientFailover");

    private string Data => _root.File("ProgramData/ClientFailover");

    public void Dispose() => _root.Dispose();

    [Test]
    public async Task Upgrade_NewerVersion_KeepsSettingsAndRuns()
    {
        var (old, newer) = (WindowsMachine.Publish(_root, "1.0.0"), WindowsMachine.Publish(_root, "1.1.0"));

        var machine = await WindowsMachine.RunAsync(_root, ("Install", new { Source = old, Port = 6000 }), ("Upgrade", new { Source = newer }));

        Assert.That(machine.Problems, Is.Empty);
        Assert.That(machine.Calls.TakeLast(3), Is.EqualTo([$"Stop-Service {Service}", "Process 1 ended", $"Start-Service {Service}"]));
        Assert.That(File.ReadAllText(Path.Combine(Program, "e_sqlite3.dll")), Is.EqualTo("1.1.0"));
        Assert.That(Settings().GetProperty("ClientFailover").GetProperty("Port").GetInt32(), Is.EqualTo(6000));
        Assert.That((Directory.Exists(Program + ".old"), Directory.EnumerateFileSystemEntries(Data)), Is.EqualTo((false, Array.Empty<string>())));
    }

    [Test]
    public async Task Upgrade_NewVersionDoesNotAnswer_PutsProgramAndDatabaseBack()
    {
        var (old, broken) = (WindowsMachine.Publish(_root, "1.0.0"), WindowsMachine.Publish(_root, "1.1.0", answers: false));
        Directory.CreateDirectory(Data);
        File.WriteAllText(Path.Combine(Data, "clientfailover.db"), "as the old version left it");

        // The new one has migrated it before it failed.
        var program = Path.Combine(broken, "ClientFailover.Service.exe");
        File.WriteAllText(program, File.ReadAllText(program).Replace("exit 1", $"echo migrated >'{Data}/clientfailover.db'; exit 1", StringComparison.Ordinal));

        var machine = await WindowsMachine.RunAsync(_root, ("Install", new { Source = old }), ("Upgrade", new { Source = broken }));

        Assert.That(machine.Problems.Single(), Does.StartWith("Version 1.1.0 did not work, and 1.0.0 runs again"));
        Assert.That(machine.Services[Service], Is.EqualTo("Running"));
        Assert.That(File.ReadAllText(Path.Combine(Program, "e_sqlite3.dll")), Is.EqualTo("1.0.0"));
        Assert.That(File.ReadAllText(Path.Combine(Data, "clientfailover.db")), Is.EqualTo("as the old version left it, closed"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Upgrade_OlderVersion_OnlyIfItIsAllowed(bool allowed)
    {
        var (installed, older) = (WindowsMachine.Publish(_root, "1.10.0"), WindowsMachine.Publish(_root, "1.9.0"));

        var machine = await WindowsMachine.RunAsync(_root, ("Install", new { Source = installed }), ("Upgrade", new { Source = older, AllowOlder = allowed }));

        Assert.That(machine.Problems, allowed ? Is.Empty : Has.One.Contains("1.10.0 is installed, which is newer than 1.9.0"));
        Assert.That(File.ReadAllText(Path.Combine(Program, "e_sqlite3.dll")), Is.EqualTo(allowed ? "1.9.0" : "1.10.0"));
        Assert.That(machine.Services[Service], Is.EqualTo("Running"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Uninstall_Installed_LeavesDataAndGroupsUnlessTold(bool all)
    {
        var source = WindowsMachine.Publish(_root, "1.0.0");

        var machine = await WindowsMachine.RunAsync(
            _root,
            ("Install", new { Source = source, OpenFirewall = true }),
            ("Uninstall", new { Confirm = false, RemoveData = all, RemoveGroups = all }));

        Assert.That(machine.Problems, Is.Empty);
        Assert.That((machine.Services, machine.Rules, machine.Keys), Is.EqualTo((new Dictionary<string, string>(), Array.Empty<string>(), Array.Empty<string>())));
        Assert.That((Directory.Exists(Program), Directory.Exists(Data), machine.Groups.Count), Is.EqualTo((false, !all, all ? 0 : 2)));
    }

    [Test]
    public async Task Upgrade_ProcessDoesNotEnd_TouchesNothingAndStartsTheOldVersion()
    {
        var (old, newer) = (WindowsMachine.Publish(_root, "1.0.0"), WindowsMachine.Publish(_root, "1.1.0"));

        var machine = await WindowsMachine.RunAsync(
            _root, ("Install", new { Source = old }), ("Given", new { ProcessStays = true }), ("Upgrade", new { Source = newer }));

        Assert.That(machine.Problems.Single(), Does.StartWith("Version 1.1.0 did not work, and 1.0.0 runs again").And.Contain("process 1 has not ended"));
        Assert.That(machine.Services[Service], Is.EqualTo("Running"));
        Assert.That(File.ReadAllText(Path.Combine(Program, "e_sqlite3.dll")), Is.EqualTo("1.0.0"));
        Assert.That((Directory.Exists(Program + ".old"), Directory.EnumerateFileSystemEntries(Data)), Is.EqualTo((false, Array.Empty<string>())));
    }

    [Test]
    public async Task Upgrade_InstalledElsewhere_FindsTheFolder()
    {
        var (old, newer) = (WindowsMachine.Publish(_root, "1.0.0"), WindowsMachine.Publish(_root, "1.1.0"));
        var elsewhere = _root.File("D/Client Failover");

        var machine = await WindowsMachine.RunAsync(_root, ("Install", new { Source = old, Destination = elsewhere }), ("Upgrade", new { Source = newer }));

        Assert.That((machine.Problems, machine.Services[Service]), Is.EqualTo((Array.Empty<string>(), "Running")));
        Assert.That(File.ReadAllText(Path.Combine(elsewhere, "e_sqlite3.dll")), Is.EqualTo("1.1.0"));
        Assert.That(Directory.Exists(Program), Is.False);
    }

    [Test]
    public async Task Upgrade_FromTheInstalledProgram_IsRefused()
    {
        var source = WindowsMachine.Publish(_root, "1.0.0");

        var machine = await WindowsMachine.RunAsync(_root, ("Install", new { Source = source }), ("Upgrade", new { Source = Program }));

        Assert.That(machine.Problems.Single(), Does.Contain("is the installed program itself"));
        Assert.That((machine.Services[Service], File.Exists(Path.Combine(Program, "e_sqlite3.dll"))), Is.EqualTo(("Running", true)));
    }

    [Test]
    public async Task Uninstall_InstalledElsewhere_RemovesItAndItsData()
    {
        var source = WindowsMachine.Publish(_root, "1.0.0");
        var (elsewhere, data) = (_root.File("D/Client Failover"), _root.File("E/data"));

        var machine = await WindowsMachine.RunAsync(
            _root,
            ("Install", new { Source = source, Destination = elsewhere, DataDirectory = data }),
            ("Uninstall", new { Confirm = false, RemoveData = true }));

        Assert.That((machine.Problems, machine.Services.Count), Is.EqualTo((Array.Empty<string>(), 0)));
        Assert.That((Directory.Exists(elsewhere), Directory.Exists(data)), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task Uninstall_DataUnknown_IsRefusedBeforeAnythingIsDone()
    {
        var source = WindowsMachine.Publish(_root, "1.0.0");

        var machine = await WindowsMachine.RunAsync(
            _root,
            ("Install", new { Source = source }),
            ("Given", new { Removed = Path.Combine(Program, "appsettings.json") }),
            ("Uninstall", new { Confirm = false, RemoveData = true }));

        Assert.That(machine.Problems.Single(), Does.Contain("no settings").And.Contain(Program));
        Assert.That((machine.Services[Service], Directory.Exists(Program), Directory.Exists(Data)), Is.EqualTo(("Running", true, true)));
    }

    private JsonElement Settings() => JsonDocument.Parse(File.ReadAllText(Path.Combine(Program, "appsettings.json"))).RootElement;
}
