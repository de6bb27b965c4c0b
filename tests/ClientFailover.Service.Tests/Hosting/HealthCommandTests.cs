using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public sealed class HealthCommandTests
{
    [TestCase("0.0.0.0", "https://127.0.0.1:5590/healthz/live")]
    [TestCase("10.1.2.3", "https://10.1.2.3:5590/healthz/live")]
    [TestCase("::", "https://[::1]:5590/healthz/live")]
    [TestCase("fe80::1", "https://[fe80::1]:5590/healthz/live")]
    public void ProbeOf_Address_IsReachedOnThisMachine(string address, string expected) =>
        Assert.That(HealthCommand.ProbeOf(new ServiceOptions { Address = address, Port = 5590 }).AbsoluteUri, Is.EqualTo(expected));

    [Test]
    public void Run_MistakesAndNoPort_TellsAllOfThem()
    {
        using var folder = new TemporaryDirectory();
        using var output = new StringWriter();
        using var error = new StringWriter();

        var exitCode = HealthCommand.Run(["--Port", "0", "--Oops", "1"], folder.Path, output, error);

        Assert.That(exitCode, Is.EqualTo(ExitCodes.InvalidSettings));
        Assert.That(error.ToString(), Does.Contain("--Oops is not a setting").And.Contain("Port is 0"));
        Assert.That(output.ToString(), Is.Empty);
    }
}
