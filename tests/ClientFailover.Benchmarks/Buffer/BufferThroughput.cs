using System.Diagnostics;
using ClientFailover.Benchmarks.Processes;
using ClientFailover.Benchmarks.Reports;

namespace ClientFailover.Benchmarks.Buffer;

/// <summary>
/// The adapter's buffer: an hour of data while the other side is Primary, replay after a restart, and what it costs to add a value. The
/// data's clock runs as fast as the buffer can follow; everything is written and flushed as often as in real time.
/// </summary>
internal sealed class BufferThroughput : IBenchmark
{
    private const int TicksASecond = 10;
    private const int HourSeconds = 3600;
    private const int BaselineSeconds = 120;
    private const int ReplaySeconds = 300;
    private const int BatchSize = 1000;
    private const int Appends = 2_000_000;
    private const double MiB = 1 << 20;
    private const double SustainedTarget = 10_000;
    private const double ReplayTarget = 10;

    // Half of a failover timeout of a minute.
    private static readonly TimeSpan Kept = TimeSpan.FromSeconds(30);

    private readonly BufferWorkload _workload = new();

    /// <inheritdoc/>
    public string Name => "buffer";

    /// <inheritdoc/>
    public async Task<IReadOnlyList<Measurement>> RunAsync(ServiceLauncher service)
    {
        var measurements = new List<Measurement>();
        await SustainAsync(measurements);
        await ReplayAsync(measurements);
        await AppendAsync(measurements);
        return measurements;
    }

    private async Task SustainAsync(List<Measurement> measurements)
    {
        using var folder = new DataDirectory();
        double rate, written, memory;
        await using (var buffer = await ChunkCandidate.OpenAsync(folder.Path))
        {
            // What is there once at the beginning is not growth.
            await CollectAsync(buffer, 0, 60, Kept);
            var (heap, before) = (GC.GetTotalMemory(forceFullCollection: true), DiskWrites.Read());
            rate = await CollectAsync(buffer, 60, HourSeconds, Kept);
            written = DiskWrites.Read() - before;
            memory = (GC.GetTotalMemory(forceFullCollection: true) - heap) / MiB;
            if (buffer.Dropped > 0)
            {
                throw new InvalidOperationException($"{buffer.Dropped} values were dropped.");
            }
        }

        using var process = Process.GetCurrentProcess();
        var peak = process.PeakWorkingSet64 / MiB;
        var baseline = await BaselineAsync();
        measurements.Add(new($"sustained, other side Primary ({HourSeconds * (long)BufferWorkload.Rate:N0} values of {BufferWorkload.PayloadSize} bytes)", rate, "values/s", Target.Minimum(SustainedTarget)));
        measurements.Add(new("the same, as a multiple of a row for each value", rate / baseline, ""));
        measurements.Add(new("growth of the heap over that hour", memory, "MiB", Target.Maximum(8)));
        measurements.Add(new("greatest working set of the process", peak, "MiB"));
        measurements.Add(new("written to disk for each byte of payload", written / HourSeconds / BufferWorkload.Rate / BufferWorkload.PayloadSize, ""));
    }

    private async Task<double> BaselineAsync()
    {
        using var folder = new DataDirectory();
        await using var rows = new RowCandidate(folder.Path);
        await CollectAsync(rows, 0, 60, Kept);
        return await CollectAsync(rows, 60, BaselineSeconds, Kept);
    }

    private async Task ReplayAsync(List<Measurement> measurements)
    {
        using var folder = new DataDirectory();
        await using (var buffer = await ChunkCandidate.OpenAsync(folder.Path))
        {
            await CollectAsync(buffer, 0, ReplaySeconds, kept: null);
        }

        var start = Stopwatch.GetTimestamp();
        await using var full = await ChunkCandidate.OpenAsync(folder.Path);
        var open = Stopwatch.GetElapsedTime(start);
        var rate = await TakeAllAsync(full, ReplaySeconds);

        using var rowFolder = new DataDirectory();
        await using var rows = new RowCandidate(rowFolder.Path);
        await CollectAsync(rows, 0, BaselineSeconds, kept: null);
        var baseline = await TakeAllAsync(rows, BaselineSeconds);

        measurements.Add(new($"start with {ReplaySeconds * BufferWorkload.Rate:N0} values on disk", open.TotalMilliseconds, "ms"));
        measurements.Add(new("replay of them, as a multiple of real time (10,000/s)", rate / BufferWorkload.Rate, "", Target.Minimum(ReplayTarget)));
        measurements.Add(new("the same, as a multiple of a row for each value", rate / baseline, ""));
    }

    private async Task AppendAsync(List<Measurement> measurements)
    {
        using var folder = new DataDirectory();
        await using var buffer = await ChunkCandidate.OpenAsync(folder.Path);
        var items = Enumerable.Range(0, BufferWorkload.Rate).Select(i => _workload.Item(i)).ToArray();
        var (time, allocated) = (TimeSpan.Zero, 0L);
        for (var done = 0; done < Appends; done += items.Length)
        {
            var (start, before) = (Stopwatch.GetTimestamp(), GC.GetAllocatedBytesForCurrentThread());
            foreach (var item in items)
            {
                buffer.Append(item);
            }

            time += Stopwatch.GetElapsedTime(start);
            allocated += GC.GetAllocatedBytesForCurrentThread() - before;

            // Outside of what is measured: as on a machine whose disk is not the bottleneck.
            await buffer.TickAsync();
            await buffer.TickAsync();
            buffer.Trim(DateTimeOffset.MaxValue);
        }

        measurements.Add(new("time to add a value", time.TotalNanoseconds / Appends, "ns"));
        measurements.Add(new("allocated to add a value", (double)allocated / Appends, "bytes"));
    }

    /// <summary>Adds values for some seconds of the data's time.</summary>
    /// <returns>Values a second of real time.</returns>
    private async Task<double> CollectAsync(IBufferCandidate buffer, int fromSecond, int seconds, TimeSpan? kept)
    {
        var first = (long)fromSecond * BufferWorkload.Rate;
        var end = first + ((long)seconds * BufferWorkload.Rate);
        var start = Stopwatch.GetTimestamp();
        for (var number = first; number < end;)
        {
            for (var i = 0; i < BufferWorkload.Rate / TicksASecond; i++)
            {
                buffer.Append(_workload.Item(number++));
            }

            await buffer.TickAsync();
            if (kept is { } time && number % BufferWorkload.Rate == 0)
            {
                buffer.Trim(BufferWorkload.Start + TimeSpan.FromSeconds(number / BufferWorkload.Rate) - time);
            }
        }

        return seconds * BufferWorkload.Rate / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static async Task<double> TakeAllAsync(IBufferCandidate buffer, int seconds)
    {
        var start = Stopwatch.GetTimestamp();
        var last = -1L;
        while (await buffer.TakeAsync(BatchSize) is { Count: > 0 } taken)
        {
            if (taken.Last != last + taken.Count)
            {
                throw new InvalidOperationException($"Value {taken.Last} came after {last}, {taken.Count} at once: some are missing.");
            }

            last = taken.Last;
        }

        var count = (long)seconds * BufferWorkload.Rate;
        return last == count - 1 ? count / Stopwatch.GetElapsedTime(start).TotalSeconds : throw new InvalidOperationException($"{last + 1} values of {count} came back.");
    }
}
