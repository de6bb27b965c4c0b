using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

[NonParallelizable]
public class SettingsReaderTests
{
    private const string Variable = "ClientFailover__HistoryPerGroup";

    private TemporaryDirectory _directory = null!;

    [SetUp]
    public void SetUp() => _directory = new TemporaryDirectory();

    [TearDown]
    public void TearDown()
    {
        Environment.SetEnvironmentVariable(Variable, null);
        _directory.Dispose();
    }

    [Test]
    public void Read_AllThreeSources_LaterOnesWin()
    {
        Write("""{ "ClientFailover": { "Port": 1, "HistoryPerGroup": 1, "Address": "127.0.0.1" } }""");
        Environment.SetEnvironmentVariable(Variable, "2");

        var settings = SettingsReader.Read(["--Port", "3"], _directory.Path);

        Assert.That(settings.Mistakes, Is.Empty);
        Assert.That(settings.Options, Is.EqualTo(new ServiceOptions { Address = "127.0.0.1", HistoryPerGroup = 2, Port = 3 }));
    }

    [Test]
    public void Read_NoFile_IsDefaults() =>
        Assert.That(SettingsReader.Read([], _directory.Path).Options, Is.EqualTo(new ServiceOptions()));

    [Test]
    public void Read_MistakesInEverySource_AreReportedTogether()
    {
        Write("""{ "ClientFailover": { "Prot": 1, "Port": -5 } }""");
        Environment.SetEnvironmentVariable(Variable, "many");

        var settings = SettingsReader.Read(["--what", "3"], _directory.Path);

        Assert.That(
            settings.Mistakes,
            Is.EquivalentTo(new[]
            {
                "--what is not a setting of the service (--help lists them).",
                "Prot is not a setting of the service (--help lists them).",
                "HistoryPerGroup is 'many'; it must be a whole number.",
                "Port is -5; it must be between 0 and 65535.",
            }));
    }

    [Test]
    public void Read_FileIsNoJson_IsReportedWithTheOthers()
    {
        Write("{ nonsense");

        var settings = SettingsReader.Read(["--Port", "x"], _directory.Path);

        Assert.That(settings.Mistakes, Has.Count.EqualTo(2));
        Assert.That(settings.Mistakes[0], Does.StartWith($"{_directory.File("appsettings.json")} cannot be read: "));
    }

    [Test]
    public void Read_ShippedFile_HasNoMistakes()
    {
        var settings = SettingsReader.Read([], AppContext.BaseDirectory);

        Assert.That(File.Exists(Path.Combine(AppContext.BaseDirectory, SettingsReader.FileName)), Is.True);
        Assert.That(settings.Mistakes, Is.Empty);
        Assert.That(settings.Options, Is.EqualTo(new ServiceOptions()));
    }

    [Test]
    public void Read_LogSettingsThatDoNotExist_AreReported()
    {
        Write("""{ "Logging": { "LogLevel": { "Default": "Bogus", "Grpc": "3" }, "Loglevl": { "Default": "Debug" }, "Console": { "Format": "x" } } }""");

        var settings = SettingsReader.Read(["--Logging:Console:LogLevel:Default", "Loud", "--Logging:LogLevel", "Debug"], _directory.Path);

        const string levels = "it must be one of Verbose, Debug, Information, Warning, Error, Fatal, None.";
        Assert.That(
            settings.Mistakes,
            Is.EquivalentTo(new[]
            {
                $"Logging:LogLevel:Default is 'Bogus'; {levels}",
                $"Logging:LogLevel:Grpc is '3'; {levels}",
                "Logging:Loglevl is not a setting of the log; Logging:LogLevel:Default is one.",
                "Logging:Console is not a setting of the log; Logging:LogLevel:Default is one.",
                "Logging:LogLevel must name a category, such as Logging:LogLevel:Default.",
            }));
    }

    [Test]
    public void Read_LogLevels_AreTakenInAnyCase()
    {
        string[] arguments = ["--Logging:LogLevel:Default", "debug", "--logging:loglevel:Microsoft.AspNetCore", "NONE", "--Logging:Console:LogLevel:Default", "Warning", "--Logging:File:LogLevel:Default", "verbose", "--Logging:LogLevel:Grpc", "Critical"];

        Assert.That(SettingsReader.Read(arguments, _directory.Path).Mistakes, Is.Empty);
    }

    private void Write(string json) => File.WriteAllText(_directory.File(SettingsReader.FileName), json);
}
