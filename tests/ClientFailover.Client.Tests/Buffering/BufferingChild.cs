using System.Diagnostics;
using ClientFailover.Client.Buffering;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>A process that buffers values, and says up to which it has done so for more than a second. It is killed.</summary>
internal sealed class BufferingChild : IDisposable
{
    public const string Command = "buffer";

    private static readonly TimeSpan Old = TimeSpan.FromSeconds(1);

    private readonly Process _process;

    private BufferingChild(Process process) => _process = process;

    /// <summary>Starts it.</summary>
    public static BufferingChild Start(string folder) => new(Process.Start(
        new ProcessStartInfo("dotnet", ["exec", typeof(BufferingChild).Assembly.Location, Command, folder]) { RedirectStandardOutput = true, RedirectStandardInput = true })!);

    /// <summary>In the process: adds values, numbered on from what is there, until it is killed.</summary>
    public static async Task RunAsync(string folder)
    {
        await using var buffer = new HotBuffer(folder, new BufferOptions(), sourceTimestamps: true, TimeProvider.System, NullLogger<HotBuffer>.Instance);
        await buffer.OpenAsync(CancellationToken.None);
        var added = (int)buffer.Count;
        var marks = new Queue<(long Time, int Added)>();
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(10));

        // Standard input ends with the test: a child that is left alone does not stay. On a thread of its own, because the
        // console reads synchronously whatever is asked.
        var alone = Task.Run(Console.In.ReadToEnd);
        while (await timer.WaitForNextTickAsync() && !alone.IsCompleted)
        {
            for (var i = 0; i < 200; i++)
            {
                buffer.Append(new DataItem("s", DateTimeOffset.UtcNow, DateTimeOffset.UtcNow, BitConverter.GetBytes(added++)));
            }

            marks.Enqueue((Stopwatch.GetTimestamp(), added));
            while (marks.TryPeek(out var mark) && Stopwatch.GetElapsedTime(mark.Time) > Old)
            {
                Console.WriteLine(mark.Added);
                marks.Dequeue();
            }
        }
    }

    /// <summary>Waits until it has said something some times, kills it, and reads the rest.</summary>
    /// <returns>How many values it had more than a second before it was killed.</returns>
    public async Task<int> KillAsync(int lines, CancellationToken cancellation)
    {
        var last = 0;
        while (await _process.StandardOutput.ReadLineAsync(cancellation) is { } line)
        {
            last = int.Parse(line, System.Globalization.CultureInfo.InvariantCulture);
            if (--lines == 0)
            {
                _process.Kill();
            }
        }

        await _process.WaitForExitAsync(cancellation);
        return last;
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
    }
}
