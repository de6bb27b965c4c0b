using System.Diagnostics;
using System.Globalization;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>Responsible for reading the destination as it grows, and knowing when each line came.</summary>
internal sealed class DestinationTail(string path)
{
    // The error of a takeover time, at most.
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(10);

    private readonly Lock _gate = new();
    private readonly List<DestinationRow> _rows = [];

    /// <summary>How many lines have come.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _rows.Count;
            }
        }
    }

    /// <summary>The lines from number <paramref name="start"/> on.</summary>
    public IReadOnlyList<DestinationRow> RowsFrom(int start)
    {
        lock (_gate)
        {
            return _rows[Math.Min(start, _rows.Count)..];
        }
    }

    /// <summary>Waits for the first line of one adapter from number <paramref name="start"/> on.</summary>
    public async Task<DestinationRow> FirstOfAsync(string adapter, int start, CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(Interval);
        while (true)
        {
            if (RowsFrom(start).FirstOrDefault(row => row.Adapter == adapter) is { } first)
            {
                return first;
            }

            await timer.WaitForNextTickAsync(cancellation);
        }
    }

    /// <summary>Reads until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(file);
        using var timer = new PeriodicTimer(Interval);
        var unfinished = "";
        while (await timer.WaitForNextTickAsync(cancellation))
        {
            var lines = (unfinished + await reader.ReadToEndAsync(cancellation)).Split('\n');
            unfinished = lines[^1];
            var seen = Stopwatch.GetTimestamp();
            lock (_gate)
            {
                _rows.AddRange(lines[..^1].Select(line => Parse(line, seen)));
            }
        }
    }

    private static DestinationRow Parse(string line, long seen) => line.Split(',') is [var sequence, _, var value, var adapter]
        ? new DestinationRow(
            long.Parse(sequence, CultureInfo.InvariantCulture), double.Parse(value, CultureInfo.InvariantCulture), adapter, seen)
        : throw new DemoException($"The destination holds a line that no adapter writes: '{line}'");
}

/// <summary>One line of the destination.</summary>
/// <param name="Sequence">The sample's number.</param>
/// <param name="Value">Its value.</param>
/// <param name="Adapter">Who appended it.</param>
/// <param name="Seen">When it was there: a time stamp of <see cref="Stopwatch"/>.</param>
internal sealed record DestinationRow(long Sequence, double Value, string Adapter, long Seen);
