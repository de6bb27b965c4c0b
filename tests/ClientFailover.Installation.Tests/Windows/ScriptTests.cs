using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Windows;

/// <summary>The scripts for Windows, run by PowerShell with cmdlets that only remember what they were told.</summary>
[Parallelizable(ParallelScope.All)]
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ScriptTests : IDisposable
{
    private const string Service = WindowsMachine.Service;

    private readonly WindowsRig _windows = new();

    public void Dispose() => _windows.Dispose();

    [Test]
    public async Task Scripts_All_ParseAndKeepToWhatWindowsPowerShellKnows()
    {
        var result = await PowerShell.RunAsync("Lint.ps1", null, "-Folder", Repository.File("src", "Packaging", "windows"));

        Assert.That((result.ExitCode, result.Output + result.Error), Is.EqualTo((0, "")));
    }

    [Test]
    public async Task Install_OnAnEmptyMachine_MakesGroupsServiceFolderSourceAndRule()
    {
        var source = _windows.Publish("1.0.0");

        var machine = await _windows.RunAsync(("Install", new { Source = source, Port = 6000, OpenFirewall = true }));

        Assert.That(machine.Problems, Is.Empty);
        Assert.That(machine.Groups, Is.EqualTo(["AVEVAFailoverAdministrators", "AVEVAFailoverUsers"]));
        Assert.That(machine.Services, Is.EqualTo(new Dictionary<string, string> { [Service] = "Running" }));
        Assert.That(machine.Rules, Is.EqualTo([Service]));
        Assert.That(machine.Calls.Where(c => !c.StartsWith("New-LocalGroup", StringComparison.Ordinal)), Is.EqualTo(
        [
            $"New-Service {Service} \"{_windows.Program}/ClientFailover.Service.exe\" Automatic",
            $"sc.exe config {Service} obj= NT SERVICE\\{Service}",
            $"sc.exe sidtype {Service} unrestricted",
            $"sc.exe failure {Service} reset= 86400 actions= restart/1000/restart/5000/restart/30000",
            $"sc.exe failureflag {Service} 1",
            $"icacls.exe {_windows.Data} /setowner *S-1-5-32-544",
            $"icacls.exe {_windows.Data} /inheritance:r /grant:r NT SERVICE\\{Service}:(OI)(CI)F *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F",
            $"reg.exe add {Key} /v EventMessageFile /t REG_EXPAND_SZ /d %SystemRoot%\\Microsoft.NET\\Framework64\\v4.0.30319\\EventLogMessages.dll /f",
            $"reg.exe add {Key} /v TypesSupported /t REG_DWORD /d 7 /f",
            $"New-NetFirewallRule {Service} Inbound TCP 6000 Allow {_windows.Program}/ClientFailover.Service.exe",
            $"Start-Service {Service}",
        ]));
        Assert.That(Directory.GetFiles(_windows.Program).Select(Path.GetFileName), Is.EquivalentTo(["ClientFailover.Service.exe", "e_sqlite3.dll", "appsettings.json"]));
        Assert.That(Directory.Exists(_windows.Data), Is.True);
        var settings = _windows.Settings;
        Assert.That(settings.GetProperty("ClientFailover").GetProperty("Port").GetInt32(), Is.EqualTo(6000));
        Assert.That(settings.GetProperty("ClientFailover").GetProperty("DataDirectory").GetString(), Is.EqualTo(_windows.Data));
        Assert.That(settings.GetProperty("ClientFailover").GetProperty("Address").GetString(), Is.EqualTo("0.0.0.0"));
        Assert.That(settings.GetProperty("Logging").GetProperty("LogLevel").GetProperty("Default").GetString(), Is.EqualTo("Information"));
    }

    [TestCase(1023)]
    [TestCase(49152)]
    public async Task Install_PortOutOfRange_IsRefusedBeforeAnythingIsDone(int port)
    {
        var source = _windows.Publish("1.0.0");

        var machine = await _windows.RunAsync(("Install", new { Source = source, Port = port }));

        Assert.That(machine.Problems.Single(), Does.Contain("Port"));
        AssertUntouched(machine);
    }

    [Test]
    public async Task Install_WhatIf_DoesNothing()
    {
        var source = _windows.Publish("1.0.0");

        var machine = await _windows.RunAsync(("Install", new { Source = source, WhatIf = true }));

        Assert.That(machine.Problems, Is.Empty);
        AssertUntouched(machine);
    }

    [Test]
    public async Task Install_FolderWithoutTheService_IsRefusedBeforeAnythingIsDone()
    {
        var source = _windows.Publish("1.0.0");
        File.Delete(Path.Combine(source, "e_sqlite3.dll"));

        var machine = await _windows.RunAsync(("Install", new { Source = source }));

        Assert.That(machine.Problems.Single(), Does.Contain("e_sqlite3.dll is missing"));
        AssertUntouched(machine);
    }

    [Test]
    public async Task Install_ServiceDoesNotAnswer_IsTakenBackButForGroupsAndData()
    {
        var source = _windows.Publish("1.0.0", answers: false);

        var machine = await _windows.RunAsync(("Install", new { Source = source, OpenFirewall = true }));

        Assert.That(machine.Problems.Single(), Does.Contain("does not answer"));
        Assert.That((machine.Services, machine.Rules, machine.Keys), Is.EqualTo((new Dictionary<string, string>(), Array.Empty<string>(), Array.Empty<string>())));
        Assert.That((Directory.Exists(_windows.Program), Directory.Exists(_windows.Data)), Is.EqualTo((false, true)));
    }

    [Test]
    public async Task Install_ServiceAnswersAtTheThirdTime_IsWaitedForWhateverItSays()
    {
        var source = _windows.Publish("1.0.0");
        var asked = _windows.PathOf("asked");
        WindowsRig.Change(source, "exit 0", $"echo >>'{asked}'; test $(wc -l <'{asked}') -gt 2 || {{ echo 'It does not answer.' >&2; exit 1; }}");

        var machine = await _windows.RunAsync(("Install", new { Source = source }));

        Assert.That((machine.Problems, machine.Services[Service]), Is.EqualTo((Array.Empty<string>(), "Running")));
        Assert.That(File.ReadAllLines(asked), Has.Length.EqualTo(3));
    }

    [Test]
    public async Task Install_Twice_IsRefusedTheSecondTime()
    {
        var source = _windows.Publish("1.0.0");

        var machine = await _windows.RunAsync(("Install", new { Source = source }), ("Install", new { Source = source }));

        Assert.That(machine.Problems.Single(), Does.Contain("is installed already"));
        Assert.That(machine.Services[Service], Is.EqualTo("Running"));
    }

    [Test]
    public async Task Install_FolderWithSomethingInIt_IsRefusedAndLeft()
    {
        var source = _windows.Publish("1.0.0");
        Directory.CreateDirectory(_windows.Program);
        var others = Path.Combine(_windows.Program, "somebody's");
        File.WriteAllText(others, "work of years");

        var machine = await _windows.RunAsync(("Install", new { Source = source }));

        Assert.That(machine.Problems.Single(), Does.Contain("is there already, and not empty"));
        Assert.That((machine.Calls, File.ReadAllText(others)), Is.EqualTo((Array.Empty<string>(), "work of years")));
    }

    [Test]
    public async Task Install_WhereItIsPublished_IsRefusedAndLeft()
    {
        var source = _windows.Publish("1.0.0");

        var machine = await _windows.RunAsync(("Install", new { Source = source, Destination = source + "/" }));

        Assert.That(machine.Problems.Single(), Does.Contain("cannot be installed where it is published"));
        Assert.That(WindowsRig.VersionIn(source), Is.EqualTo("1.0.0"));
        AssertUntouched(machine);
    }

    [Test]
    public async Task Install_FailsInAnEmptyFolderThatWasThere_LeavesItEmpty()
    {
        var source = _windows.Publish("1.0.0", answers: false);
        Directory.CreateDirectory(_windows.Program);

        var machine = await _windows.RunAsync(("Install", new { Source = source }));

        Assert.That(machine.Problems.Single(), Does.Contain("does not answer"));
        Assert.That(Directory.EnumerateFileSystemEntries(_windows.Program), Is.Empty);
    }

    [TestCase("Program Files/ClientFailover/data")]
    [TestCase("PROGRAM FILES/clientfailover")]
    [TestCase("Program Files")]
    public async Task Install_DataAndProgramInOneAnother_IsRefusedBeforeAnythingIsDone(string data)
    {
        var source = _windows.Publish("1.0.0");

        var machine = await _windows.RunAsync(("Install", new { Source = source, DataDirectory = _windows.PathOf(data) }));

        Assert.That(machine.Problems.Single(), Does.StartWith("Program and data cannot lie in one another"));
        AssertUntouched(machine);
    }

    [Test]
    public async Task Install_DataBesideTheProgram_IsMade()
    {
        var source = _windows.Publish("1.0.0");
        var data = _windows.Program + "Data";

        var machine = await _windows.RunAsync(("Install", new { Source = source, DataDirectory = data }));

        Assert.That((machine.Problems, Directory.Exists(data)), Is.EqualTo((Array.Empty<string>(), true)));
    }

    [TestCase("S-1-5-21-1-2-3-1001")]
    [TestCase("BU")]
    public async Task Install_DataFolderOfSomebody_IsRefusedBeforeAnythingIsDone(string owner)
    {
        var source = _windows.Publish("1.0.0");
        Directory.CreateDirectory(_windows.Data);

        var machine = await _windows.RunAsync(("Given", new { Owner = owner }), ("Install", new { Source = source }));

        Assert.That(machine.Problems.Single(), Does.Contain("neither an administrator nor the system"));
        Assert.That((machine.Calls, Directory.Exists(_windows.Program)), Is.EqualTo((Array.Empty<string>(), false)));
    }

    [Test]
    public async Task Install_DataFolderIsALink_IsRefusedBeforeAnythingIsDone()
    {
        var source = _windows.Publish("1.0.0");
        Directory.CreateDirectory(_windows.PathOf("ProgramData"));
        Directory.CreateSymbolicLink(_windows.Data, Directory.CreateDirectory(_windows.PathOf("elsewhere")).FullName);

        var machine = await _windows.RunAsync(("Install", new { Source = source }));

        Assert.That(machine.Problems.Single(), Does.Contain("a link"));
        Assert.That((machine.Calls, Directory.Exists(_windows.Program)), Is.EqualTo((Array.Empty<string>(), false)));
    }

    [TestCase("BA")]
    [TestCase("SY")]
    public async Task Install_DataFolderOfAdministratorsOrTheSystem_IsProtectedAndItsOwnerKept(string owner)
    {
        var source = _windows.Publish("1.0.0");
        Directory.CreateDirectory(_windows.Data);

        var machine = await _windows.RunAsync(("Given", new { Owner = owner }), ("Install", new { Source = source }));

        Assert.That(machine.Problems, Is.Empty);
        Assert.That(machine.Calls.Where(c => c.StartsWith("icacls.exe", StringComparison.Ordinal)), Has.One.Contains("/inheritance:r"));
    }

    private static string Key => $"HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\{Service}";

    private void AssertUntouched(WindowsMachine machine)
    {
        Assert.That((machine.Calls, machine.Groups), Is.EqualTo((Array.Empty<string>(), Array.Empty<string>())));
        Assert.That((Directory.Exists(_windows.Program), Directory.Exists(_windows.Data)), Is.EqualTo((false, false)));
    }
}
