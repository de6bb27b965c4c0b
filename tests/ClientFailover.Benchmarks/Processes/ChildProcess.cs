using System.Diagnostics;

namespace ClientFailover.Benchmarks.Processes;

/// <summary>Responsible for one process under measurement: its start, its output until it is ready, its cost, its end.</summary>
internal sealed class ChildProcess : IDisposable
{
    private readonly Process _process;
    private bool _isEnded;

    private ChildProcess(Process process)
    {
        _process = process;

        // Also when this process is told to end: a service that is left behind disturbs the next measurement.
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Dispose();
    }

    /// <summary>Its id.</summary>
    public int Id => _process.Id;

    /// <summary>The processor time it has used.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>The memory it holds, in bytes.</summary>
    public long WorkingSet
    {
        get
        {
            _process.Refresh();
            return _process.WorkingSet64;
        }
    }

    /// <summary>Starts a process.</summary>
    /// <param name="file">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="environment">What its environment has besides this process's.</param>
    /// <returns>The process.</returns>
    public static ChildProcess Start(string file, IEnumerable<string> arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        return new ChildProcess(Process.Start(start) ?? throw new InvalidOperationException($"{file} did not start."));
    }

    /// <summary>Waits for lines of output, and lets the rest run off.</summary>
    /// <param name="mark">What is in each of the lines.</param>
    /// <param name="count">How many there are.</param>
    /// <returns>The lines.</returns>
    /// <exception cref="InvalidOperationException">The process ended first; says what it wrote.</exception>
    public async Task<IReadOnlyList<string>> WaitForLinesAsync(string mark, int count)
    {
        var errors = _process.StandardError.ReadToEndAsync();
        var output = new List<string>();
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            output.Add(line);
            var marked = output.Where(l => l.Contains(mark, StringComparison.Ordinal)).ToArray();
            if (marked.Length == count)
            {
                _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
                return marked;
            }
        }

        throw new InvalidOperationException(
            $"{_process.StartInfo.FileName} ended before it was ready.\n{string.Join('\n', output)}\n{await errors}");
    }

    /// <summary>Lets its output run off.</summary>
    public void DiscardOutput()
    {
        _ = _process.StandardOutput.BaseStream.CopyToAsync(Stream.Null);
        _ = _process.StandardError.BaseStream.CopyToAsync(Stream.Null);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isEnded)
        {
            return;
        }

        _isEnded = true;
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }
}
