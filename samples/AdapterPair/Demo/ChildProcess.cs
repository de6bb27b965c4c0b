using System.Diagnostics;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>
/// Responsible for a process of this same executable: its output goes to the demo line by line, and its input stays
/// open for as long as it is to run (<see cref="Lifeline"/>).
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly string Executable =
        Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "AdapterPair.exe" : "AdapterPair");

    /// <summary>How long a child may take to stop in order.</summary>
    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(5);

    private readonly Process _process;

    /// <summary>Starts it.</summary>
    /// <param name="arguments">Its verb, and what belongs to it.</param>
    /// <param name="heard">Is told each line of its output.</param>
    public ChildProcess(IEnumerable<string> arguments, Action<string> heard)
    {
        _process = new Process
        {
            StartInfo = new ProcessStartInfo(Executable, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            },
        };
        _process.OutputDataReceived += (_, line) => Hear(line.Data, heard);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data, heard);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Exited = _process.WaitForExitAsync();
    }

    public int Id => _process.Id;

    /// <summary>Completes when it has ended, and all that it said was heard.</summary>
    public Task Exited { get; }

    public Task TellAsync(string line)
    {
        _process.StandardInput.WriteLine(line);
        return _process.StandardInput.FlushAsync();
    }

    /// <summary>Ends it without warning: SIGKILL, or TerminateProcess.</summary>
    public void Kill() => _process.Kill();

    /// <summary>Tells it to stop, and waits until it has.</summary>
    public async ValueTask DisposeAsync()
    {
        try
        {
            _process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended with something unread, which is as good.
        }

        await Exited.WaitAsync(StopTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }

    private static void Hear(string? line, Action<string> heard)
    {
        if (line is not null)
        {
            heard(line);
        }
    }
}
