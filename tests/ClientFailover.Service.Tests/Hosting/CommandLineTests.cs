using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public class CommandLineTests
{
    private readonly List<string> _mistakes = [];

    [SetUp]
    public void SetUp() => _mistakes.Clear();

    [TestCase("--Port", "0")]
    [TestCase("--Port=0")]
    [TestCase("--port", "0")]
    [TestCase("--ClientFailover:Port", "0")]
    [TestCase("--clientfailover:port=0")]
    public void Read_SettingInAnyForm_IsTheSameKey(params string[] arguments)
    {
        var settings = CommandLine.Read(arguments, _mistakes);

        Assert.That(settings, Is.EqualTo(new Dictionary<string, string?> { ["ClientFailover:Port"] = "0" }));
        Assert.That(_mistakes, Is.Empty);
    }

    [Test]
    public void Read_NegativeValue_IsAValue()
    {
        var settings = CommandLine.Read(["--Port", "-1"], _mistakes);

        Assert.That(settings["ClientFailover:Port"], Is.EqualTo("-1"));
    }

    [Test]
    public void Read_LogLevel_IsPassedOn()
    {
        var settings = CommandLine.Read(["--Logging:LogLevel:Default", "Debug"], _mistakes);

        Assert.That(settings, Is.EqualTo(new Dictionary<string, string?> { ["Logging:LogLevel:Default"] = "Debug" }));
        Assert.That(_mistakes, Is.Empty);
    }

    [Test]
    public void Read_SeveralMistakes_ReportsAllInOrder()
    {
        CommandLine.Read(["--Prot", "1", "word", "-x", "--Port", "--Address=a", "--Address=b", "--urls=http://x"], _mistakes);

        Assert.That(
            _mistakes,
            Is.EqualTo(new[]
            {
                "--Prot is not a setting of the service (--help lists them).",
                "'word' is not understood; settings are given as --Name value.",
                "'-x' is not understood; settings are given as --Name value.",
                "--Port needs a value.",
                "--Address is given twice.",
                "--urls is not a setting of the service (--help lists them).",
            }));
    }
}
