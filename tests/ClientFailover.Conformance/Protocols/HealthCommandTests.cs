using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Protocols;

/// <summary>The command by which containers and scripts ask whether a service answers.</summary>
public sealed class HealthCommandTests
{
    [Test]
    public async Task Health_ServiceRunsThenIsKilled_TellsByItsExitCode()
    {
        using var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(folder.Path);
        string[] command = ["health", "--Address", "127.0.0.1", "--Port", $"{service.Tls.Port}"];

        var running = await ServiceCommand.RunAsync("", command);
        await service.KillAsync();
        var killed = await ServiceCommand.RunAsync("", command);

        Assert.That((running.ExitCode, running.Error), Is.EqualTo((0, "")));
        Assert.That(running.Output, Does.StartWith($"The service answers at https://127.0.0.1:{service.Tls.Port}"));
        Assert.That((killed.ExitCode, killed.Output), Is.EqualTo((1, "")));
        Assert.That(killed.Error, Does.StartWith("The service does not answer"));
    }
}
