using System.Diagnostics;
using System.Text.Json;
using ClientFailover.Installation.Tests.Running;
using NUnit.Framework;

namespace ClientFailover.Installation.Tests.Containers;

/// <summary>
/// Responsible for running an image as careful people do: root's files read-only, no capability, a network of its own, one volume.
/// </summary>
internal sealed class Container : IAsyncDisposable
{
    // Where both versions of control groups are mounted, crun refuses to run, although it is told to use none: it is shown one.
    private static readonly string[] Crun =
        ["--mount", "sh", "-c", "if mountpoint -q /sys/fs/cgroup/unified; then umount /sys/fs/cgroup/unified; fi; exec crun \"$@\"", "crun"];

    private readonly string _id = $"client-failover-{Guid.NewGuid():N}";
    private readonly string _user;
    private readonly string _state;
    private readonly Process _process;
    private readonly Task<string> _output;

    private Container(ContainerImage image, string folder)
    {
        _user = $"{image.User}:{image.User}";
        _state = Directory.CreateDirectory(Path.Combine(folder, "state")).FullName;
        var start = new ProcessStartInfo("unshare", [.. Crun, "--root", _state, "--cgroup-manager", "disabled", "run", "--bundle", folder, _id])
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

    /// <summary>Starts one and waits until its health check succeeds.</summary>
    /// <param name="image">The image.</param>
    /// <param name="folder">A folder for its description.</param>
    /// <param name="volume">What is mounted at <c>/app/data</c>.</param>
    public static async Task<Container> StartAsync(ContainerImage image, string folder, string volume)
    {
        await File.WriteAllTextAsync(Path.Combine(folder, "config.json"), Describe(image, volume));
        var container = new Container(image, folder);
        try
        {
            var clock = Stopwatch.StartNew();
            while ((await container.ExecuteAsync(image.Command[0], "health")).ExitCode != 0)
            {
                Assert.That(container._process.HasExited, Is.False, () => container._output.Result);
                Assert.That(clock.Elapsed, Is.LessThan(Shell.Patience), "It does not answer.");
            }

            return container;
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs a program in it, as its user.</summary>
    /// <param name="command">The program and its arguments.</param>
    /// <returns>What it came to.</returns>
    public Task<Shell> ExecuteAsync(params string[] command) => Shell.TryAsync("unshare", [.. Crun, "--root", _state, "exec", "--user", _user, _id, .. command]);

    /// <summary>Asks it to stop, as <c>docker stop</c> does.</summary>
    /// <returns>Its exit code and all that it wrote.</returns>
    public async Task<(int ExitCode, string Output)> StopAsync()
    {
        await Shell.RunAsync("unshare", [.. Crun, "--root", _state, "kill", _id, "TERM"]);
        await _process.WaitForExitAsync().WaitAsync(Shell.Patience);
        return (_process.ExitCode, await _output);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Shell.TryAsync("unshare", [.. Crun, "--root", _state, "delete", "--force", _id]);
        await _process.WaitForExitAsync().WaitAsync(Shell.Patience);
        _process.Dispose();
    }

    private static string Describe(ContainerImage image, string volume)
    {
        var user = int.Parse(image.User, System.Globalization.CultureInfo.InvariantCulture);
        return JsonSerializer.Serialize(new Dictionary<string, object>
        {
            ["ociVersion"] = "1.0.0",
            ["process"] = new
            {
                user = new { uid = user, gid = user },
                args = image.Command,
                env = image.Environment,
                cwd = image.WorkingDirectory,
                noNewPrivileges = true,
                capabilities = new { bounding = Array.Empty<string>(), effective = Array.Empty<string>(), permitted = Array.Empty<string>() },
            },
            ["root"] = new Dictionary<string, object> { ["path"] = image.RootFolder, ["readonly"] = true },
            ["hostname"] = "plant",
            ["mounts"] = new object[]
            {
                new { destination = "/proc", type = "proc", source = "proc", options = Array.Empty<string>() },
                new { destination = "/dev", type = "tmpfs", source = "tmpfs", options = new[] { "nosuid", "mode=755", "size=64k" } },
                new { destination = "/app/data", type = "bind", source = volume, options = new[] { "bind", "rw" } },
            },
            ["linux"] = new
            {
                namespaces = new[] { "pid", "network", "ipc", "uts", "mount" }.Select(type => new { type }),
                maskedPaths = new[] { "/proc/kcore", "/proc/keys" },
                readonlyPaths = new[] { "/proc/sys", "/proc/sysrq-trigger" },
            },
        });
    }
}
