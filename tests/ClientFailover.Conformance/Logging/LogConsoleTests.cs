using System.Diagnostics;
using System.Text.Json;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Logging;

/// <summary>Lines on the console.</summary>
public sealed class LogConsoleTests
{
    private DataFolder _folder = null!;

    [SetUp]
    public void SetUp() => _folder = DataFolder.Create();

    [TearDown]
    public void TearDown() => _folder.Dispose();

    [Test]
    public async Task Json_EveryLine_IsAnObject()
    {
        var output = await StopAfterStartAsync(ServiceExecutable.Command[0], [.. ServiceExecutable.Command.Skip(1), .. Arguments("--LogConsoleFormat", "Json")]);

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonDocument.Parse(l).RootElement).ToList();
        Assert.That(lines.Select(l => l.GetProperty("@i").GetInt32()), Does.Contain(6000).And.Contain(3000));
        Assert.That(lines.Select(l => l.GetProperty("@l").GetString()).Distinct(), Is.EquivalentTo(new[] { "Information", "Warning" }));
    }

    [Test]
    [Platform("Linux", Reason = "systemd.")]
    public async Task Systemd_EveryLine_BeginsWithItsPriority()
    {
        // Whoever has a parent called systemd is a unit.
        var shell = _folder.File("systemd");
        File.Copy("/bin/sh", shell);
        var output = await StopAfterStartAsync(shell, ["-c", "\"$0\" \"$@\" & trap 'kill $!' TERM; wait $!; wait $!", .. ServiceExecutable.Command, .. Arguments()]);

        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.That(lines, Has.All.Matches("^(<6>INF|<4>WRN) ClientFailover[.A-Za-z]*\\[\\d+\\]: "));
        Assert.That(lines, Has.One.StartsWith("<6>INF ClientFailover.Service.Hosting.Announcement[6000]: Client Failover listens on https"));
        Assert.That(lines, Has.One.StartsWith("<4>WRN ClientFailover.Service.Identity.UserStore[3000]: "));
    }

    [Test]
    public async Task Start_ThatFails_IsInTheLogFiles()
    {
        await File.WriteAllTextAsync(_folder.File("users.json"), "[{}]");

        var (exitCode, output) = await RunningService.StartInVainAsync(_folder.Path, RunningService.Quick);

        Assert.That(exitCode, Is.Not.Zero);
        var told = LogFolder.ReadLines(_folder.Path).Single(l => l.Contains("[8104]", StringComparison.Ordinal));
        Assert.That(told, Does.Contain(" FTL ").And.Contain("The service ends: ").And.Contain("users.json"));
        Assert.That(output, Does.Contain("users.json"));
    }

    private string[] Arguments(params string[] more) => ["--DataDirectory", _folder.File("data"), "--Address", "127.0.0.1", "--Port", "0", .. more];

    /// <summary>Starts the service, asks it to stop when it listens, and tells all that it wrote to standard output.</summary>
    private static async Task<string> StopAfterStartAsync(string program, string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        try
        {
            var output = new System.Text.StringBuilder();
            var isAsked = false;
            while (await process.StandardOutput.ReadLineAsync().WaitAsync(RunningService.Patience) is { } line)
            {
                output.Append(line).Append('\n');
                if (!isAsked && line.Contains("Client Failover listens on", StringComparison.Ordinal))
                {
                    isAsked = true;
                    Process.Start("kill", ["-TERM", $"{process.Id}"]).Dispose();
                }
            }

            await process.WaitForExitAsync().WaitAsync(RunningService.Patience);
            return output.ToString();
        }
        finally
        {
            process.Kill(entireProcessTree: true);
        }
    }
}
