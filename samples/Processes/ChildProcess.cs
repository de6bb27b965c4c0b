using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ClientFailover.Samples.Processes;

/// <summary>Responsible for one process: hears what it says line by line, stops or kills it, and leaves nothing of it behind.</summary>
public sealed partial class ChildProcess : IAsyncDisposable
{
    private const int RememberedLines = 20;
    private const int SigTerm = 15;

    /// <summary>How long a process may take to stop in order.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly Queue<string> _lastLines = new();
    private readonly Action<string>? _heard;

    /// <summary>Starts it.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="heard">Is told each line of its output, of errors too.</param>
    /// <param name="environment">Variables that it gets beside those of this process: what others must not read on its command line.</param>
    public ChildProcess(
        string file, IEnumerable<string> arguments, Action<string>? heard = null, IReadOnlyDictionary<string, string>? environment = null)
    {
        Name = Path.GetFileNameWithoutExtension(file);
        _heard = heard;
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(file, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            _process.StartInfo.Environment[name] = value;
        }

        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Exited = _process.WaitForExitAsync();
    }

    /// <summary>Name of the program.</summary>
    public string Name { get; }

    /// <summary>Id of the process.</summary>
    public int Id => _process.Id;

    /// <summary>Completes when it has ended, and all that it said was heard.</summary>
    public Task Exited { get; }

    /// <summary>What it said last.</summary>
    public string LastWords
    {
        get
        {
            lock (_lastLines)
            {
                return string.Join('\n', _lastLines);
            }
        }
    }

    /// <summary>Starts a program and waits until it has said what shows that it is ready.</summary>
    /// <typeparam name="T">What is learnt from its words.</typeparam>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="ready">What a line tells; null: not yet.</param>
    /// <param name="timeout">How long to wait.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>The process and what it told.</returns>
    /// <exception cref="ProgramException">It ended before, or took too long.</exception>
    public static async Task<(ChildProcess Process, T Told)> StartAsync<T>(
        string file, IEnumerable<string> arguments, Func<string, T?> ready, TimeSpan timeout, CancellationToken cancellation)
        where T : class
    {
        var told = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        var process = new ChildProcess(file, arguments, line =>
        {
            if (ready(line) is { } result)
            {
                told.TrySetResult(result);
            }
        });
        try
        {
            await Task.WhenAny(told.Task, process.Exited).WaitAsync(timeout, cancellation);
            return told.Task.IsCompleted
                ? (process, await told.Task)
                : throw new ProgramException($"{process.Name} ended before it was ready. Its last words:\n{process.LastWords}");
        }
        catch (Exception exception)
        {
            await process.DisposeAsync();
            throw exception is TimeoutException
                ? new ProgramException($"{process.Name} was not ready after {timeout.TotalSeconds:F0} s. Its last words:\n{process.LastWords}")
                : exception;
        }
    }

    /// <summary>Ends it without warning: SIGKILL, or TerminateProcess.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    public Task KillAsync()
    {
        _process.Kill();
        return Exited;
    }

    /// <summary>Asks it to stop, and waits until it has; kills it when that takes too long.</summary>
    /// <returns>A task that ends when it is gone.</returns>
    public async Task StopAsync()
    {
        if (!OperatingSystem.IsWindows() && !_process.HasExited)
        {
            _ = Signal(_process.Id, SigTerm);
            await Exited.WaitAsync(StopTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!_process.HasExited)
        {
            await KillAsync();
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Signal(int process, int signal);

    private void Hear(string? line)
    {
        if (line is null)
        {
            return;
        }

        lock (_lastLines)
        {
            _lastLines.Enqueue(line);
            if (_lastLines.Count > RememberedLines)
            {
                _lastLines.Dequeue();
            }
        }

        _heard?.Invoke(line);
    }
}
