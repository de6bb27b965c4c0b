using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ClientFailover.Continuity.Processes;

/// <summary>Responsible for one process that the bench starts: its output, the signals that are sent to it, its end.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly bool IsMac = OperatingSystem.IsMacOS();
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Action<string>? _heard;
    private bool _isDisposed;

    /// <summary>Starts a .NET program.</summary>
    /// <param name="program">Its assembly.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">The first line of its input.</param>
    /// <param name="heard">Is told each line of its output.</param>
    public ChildProcess(string program, IEnumerable<string> arguments, string? input = null, Action<string>? heard = null)
    {
        _heard = heard;
        var start = new ProcessStartInfo(Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet", [program, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        Guard.Add(_process.Id);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        if (input is not null)
        {
            _process.StandardInput.WriteLine(input);
            _process.StandardInput.Flush();
        }

        Exited = _process.WaitForExitAsync();
    }

    /// <summary>Completes when it has ended.</summary>
    public Task Exited { get; }

    /// <summary>All that it wrote.</summary>
    public IReadOnlyCollection<string> Lines => _lines;

    /// <summary>Ends it as a crash does.</summary>
    public Task KillAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        return Exited;
    }

    /// <summary>Asks it to stop, and waits until it has.</summary>
    public Task StopAsync()
    {
        Send(SigTerm);
        return Exited.WaitAsync(StopTimeout);
    }

    /// <summary>Stops it in its tracks: it is there, and does nothing.</summary>
    public void Freeze() => Send(IsMac ? 17 : 19);

    /// <summary>Lets it go on.</summary>
    public void Thaw() => Send(IsMac ? 19 : 18);

    public async ValueTask DisposeAsync()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        await KillAsync();
        Guard.Remove(_process.Id);
        _process.Dispose();
    }

    [DllImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Signal(int process, int signal);

    private void Send(int signal)
    {
        if (!_process.HasExited && Signal(_process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"Signal {signal} did not reach process {_process.Id}.");
        }
    }

    private void Hear(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
            _heard?.Invoke(line);
        }
    }
}
