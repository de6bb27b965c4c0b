using ClientFailover.Service.Hosting;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Hosting;

public sealed class HealthCommandTests
{
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
