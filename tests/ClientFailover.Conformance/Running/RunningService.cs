using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography.X509Certificates;
using NUnit.Framework;

namespace ClientFailover.Conformance.Running;

/// <summary>Responsible for one process of the service: starts it on free ports, and ends it in whichever way a test asks for.</summary>
internal sealed class RunningService : IAsyncDisposable
{
    private const int SigTerm = 15;

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _output = new();
    private readonly ConcurrentDictionary<string, Uri> _addresses = new();
    private readonly TaskCompletionSource _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<IReadOnlyList<Account>> _accounts;
    private TaskCompletionSource _written = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lazy<string> _thumbprint;

    private RunningService(Process process, string dataDirectory)
    {
        _process = process;
        _accounts = new(() => Account.ReadInitial(dataDirectory));
        _thumbprint = new(() => ReadThumbprint(dataDirectory));
        DataDirectory = dataDirectory;
        ProcessId = process.Id;
        process.OutputDataReceived += (_, line) => Take(line.Data);
        process.ErrorDataReceived += (_, line) => Take(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    /// <summary>How long a test waits for what must come: long enough for any machine that is only slow.</summary>
    public static TimeSpan Patience { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Settings with which nothing is waited for: short timeouts, heartbeats as fast as they come, no hold.</summary>
    public static string[] Quick { get; } =
        ["--MinimumFailoverTimeout", "00:00:00.2", "--MinimumHeartbeatInterval", "0", "--MinimumHoldTime", "00:00:00"];

    /// <summary>Its data directory.</summary>
    public string DataDirectory { get; }

    /// <summary>Its process.</summary>
    public int ProcessId { get; }

    /// <summary>Where it listens for everything, over TLS.</summary>
    public Uri Tls => _addresses[""];

    /// <summary>Where it listens for HTTP/1.1 without encryption.</summary>
    public Uri Http => _addresses[" (HTTP/1.1 without encryption)"];

    /// <summary>Where it listens for HTTP/2 without encryption.</summary>
    public Uri Grpc => _addresses[" (HTTP/2 without encryption)"];

    /// <summary>All that it wrote, line by line.</summary>
    public string Output => string.Join('\n', _output);

    /// <summary>The administrator that it made.</summary>
    public Account Administrator => _accounts.Value.Single(a => a.Role == Account.AdministratorRole);

    /// <summary>The user that it made.</summary>
    public Account User => _accounts.Value.Single(a => a.Role == Account.UserRole);

    /// <summary>The thumbprint of the certificate that it made.</summary>
    public string Thumbprint => _thumbprint.Value;

    /// <summary>Starts a service and waits until it listens.</summary>
    /// <param name="dataDirectory">Its data directory.</param>
    /// <param name="options">More of its settings: "--Name", "value", ...</param>
    /// <returns>The service.</returns>
    public static async Task<RunningService> StartAsync(string dataDirectory, params string[] options)
    {
        var service = Launch(dataDirectory, options);
        try
        {
            await Task.WhenAny(service._listening.Task, service._process.WaitForExitAsync()).WaitAsync(Patience);
            Assert.That(service._listening.Task.IsCompletedSuccessfully, Is.True, () => $"The service did not start:\n{service.Output}");
            return service;
        }
        catch
        {
            await service.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts a service that is expected to end by itself at once.</summary>
    /// <param name="dataDirectory">Its data directory.</param>
    /// <param name="options">More of its settings.</param>
    /// <returns>Its exit code and all that it wrote.</returns>
    public static async Task<(int ExitCode, string Output)> StartInVainAsync(string dataDirectory, params string[] options)
    {
        await using var service = Launch(dataDirectory, options);
        await service._process.WaitForExitAsync().WaitAsync(Patience);
        return (service._process.ExitCode, service.Output);
    }

    /// <summary>Waits until it has written a text, whenever that was or will be.</summary>
    /// <param name="text">A part of a line.</param>
    /// <returns>Completes when it has.</returns>
    public async Task UntilToldAsync(string text)
    {
        while (true)
        {
            var next = Volatile.Read(ref _written).Task;
            if (Output.Contains(text, StringComparison.Ordinal))
            {
                return;
            }

            await next.WaitAsync(Patience);
        }
    }

    /// <summary>As <see cref="KillAsync"/>, without waiting for it.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Ends the process as a crash or a power cut would: it cannot do anything about it.</summary>
    /// <returns>Done when it is gone.</returns>
    public async Task KillAsync()
    {
        Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience);
    }

    /// <summary>Asks the process to stop, as a service manager does.</summary>
    public void RequestStop()
    {
        Assume.That(OperatingSystem.IsWindows(), Is.False, "A process cannot be asked to stop by a signal on Windows.");
        Assert.That(Signal(_process.Id, SigTerm), Is.Zero, "The process is there.");
    }

    /// <summary>Stops the service in order.</summary>
    /// <returns>Its exit code.</returns>
    public Task<int> StopAsync()
    {
        RequestStop();
        return ExitAsync();
    }

    /// <summary>Waits until it has ended.</summary>
    /// <returns>Its exit code.</returns>
    public async Task<int> ExitAsync()
    {
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }

        _process.Dispose();
    }

    private static RunningService Launch(string dataDirectory, string[] options) => new(
        ServiceExecutable.Start(
        [
            "--DataDirectory", dataDirectory, "--Address", "127.0.0.1", "--Port", "0", "--CleartextHttpPort", "0", "--CleartextGrpcPort", "0", .. options,
        ]),
        dataDirectory);

    private static string ReadThumbprint(string dataDirectory)
    {
        var file = Directory.EnumerateFiles(Path.Combine(dataDirectory, "Certificates"), "*.crt").Single();
        using var certificate = X509CertificateLoader.LoadCertificateFromFile(file);
        return certificate.Thumbprint;
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    private void Take(string? line)
    {
        const string announcement = "Client Failover listens on ";
        if (line is null)
        {
            return;
        }

        _output.Enqueue(line);
        Interlocked.Exchange(ref _written, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        if (line.IndexOf(announcement, StringComparison.Ordinal) is >= 0 and var at)
        {
            var rest = line[(at + announcement.Length)..];
            var end = rest.IndexOf(' ', StringComparison.Ordinal);
            _addresses[end < 0 ? "" : rest[end..]] = new Uri(end < 0 ? rest : rest[..end]);
            if (_addresses.Count == 3)
            {
                _listening.TrySetResult();
            }
        }
    }
}
