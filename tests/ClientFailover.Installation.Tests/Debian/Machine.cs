using System.Diagnostics;
using System.Globalization;
using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Debian;

/// <summary>
/// Responsible for a Debian machine with a running systemd to install packages on: this machine's own files, under an overlay in memory.
/// Nothing of what is done to it is left, and its ports are its own.
/// </summary>
internal sealed class Machine : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly Process _process;
    private readonly Task<string> _output;
    private int _leader;

    private Machine(string packages)
    {
        var start = new ProcessStartInfo(
            "unshare", ["--mount", "sh", Path.Combine(TestContext.CurrentContext.TestDirectory, "Debian", "machine.sh"), _folder.Path, packages])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = Process.Start(start)!;
        _process.StandardInput.Close();
        _output = Task.WhenAll(_process.StandardOutput.ReadToEndAsync(), _process.StandardError.ReadToEndAsync())
            .ContinueWith(t => string.Join('\n', t.Result), TaskScheduler.Default);
    }

    /// <summary>Boots one.</summary>
    /// <param name="packages">A folder that it sees as <c>/packages</c>.</param>
    public static async Task<Machine> BootAsync(string packages)
    {
        await NeededPrograms.EnsureAsync(
            ("systemd-nspawn", "systemd-container"), ("dbus-daemon", "dbus"), ("systemctl", "systemd"), ("curl", "curl"), ("unshare", "util-linux"));
        var machine = new Machine(packages);
        try
        {
            machine._leader = await machine.FindLeaderAsync();
            await machine.RunAsync("until systemctl is-system-running | grep -qE 'running|degraded'; do sleep 0.1; done");
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a script as root.</summary>
    /// <param name="script">The script, which must succeed.</param>
    /// <returns>What it wrote, without white space at its ends.</returns>
    public async Task<string> RunAsync(string script)
    {
        var result = await TryAsync(script);
        Assert.That(result.ExitCode, Is.Zero, $"{script}:\n{result.Output}\n{result.Error}");
        return result.Output.Trim();
    }

    /// <summary>Runs a script as root that may fail.</summary>
    /// <param name="script">The script.</param>
    /// <returns>What it came to.</returns>
    public Task<Shell> TryAsync(string script) => Shell.TryAsync(
        "nsenter",
        [$"--target={_leader}", "--mount", "--uts", "--ipc", "--net", "--pid", "timeout", "300", "sh", "-euc", script],
        environment: new Dictionary<string, string>
        {
            ["DEBIAN_FRONTEND"] = "noninteractive",
            ["LC_ALL"] = "C",
            ["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        });

    /// <summary>What systemd says of the service.</summary>
    /// <param name="property">The name of a property.</param>
    /// <returns>Its value.</returns>
    public Task<string> ShowAsync(string property) => RunAsync($"systemctl show client-failover --property={property} --value");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        // With its first process every other one ends, and with the last one its files go.
        if (_leader != 0)
        {
            using var leader = Process.GetProcessById(_leader);
            leader.Kill();
        }
        else
        {
            _process.Kill();
        }

        await _process.WaitForExitAsync().WaitAsync(Shell.Patience);
        _process.Dispose();
        _folder.Dispose();
        await RemoveControlGroupsAsync();
    }

    private async Task RemoveControlGroupsAsync()
    {
        foreach (var hierarchy in new[] { "/sys/fs/cgroup", "/sys/fs/cgroup/unified", "/sys/fs/cgroup/systemd" })
        {
            var group = Path.Combine(hierarchy, Path.GetFileName(_folder.Path));
            if (Directory.Exists(group))
            {
                await Shell.RunAsync("find", group, "-depth", "-type", "d", "-exec", "rmdir", "{}", ";");
            }
        }
    }

    private async Task<int> FindLeaderAsync()
    {
        var clock = Stopwatch.StartNew();
        var children = $"/proc/{_process.Id}/task/{_process.Id}/children";
        while (!_process.HasExited)
        {
            foreach (var child in (await File.ReadAllTextAsync(children)).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (await IsSystemdAsync(child))
                {
                    return int.Parse(child, CultureInfo.InvariantCulture);
                }
            }

            Assert.That(clock.Elapsed, Is.LessThan(Shell.Patience), "The machine does not boot.");
            await Task.Yield();
        }

        throw new AssertionException($"The machine did not boot:\n{await _output}");
    }

    private static async Task<bool> IsSystemdAsync(string process)
    {
        try
        {
            return (await File.ReadAllTextAsync($"/proc/{process}/comm")).Trim() == "systemd";
        }
        catch (IOException)
        {
            return false;
        }
    }
}
