using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for the queue of an adapter: values go into chunks in memory, and those that are not completed soon to the disk.
/// </summary>
/// <remarks>
/// Why chunks in SQLite: a row for each value takes three to four times as long (see the benchmark <c>buffer</c>), and a log file (such as
/// FasterLog) can be cut at its beginning only, while here chunks go from anywhere, the space is used again, and a crash is SQLite's matter.
/// <para>
/// Guaranteed: what was added is on the disk 250 ms later and flushed about a second later, unless it was completed or trimmed before, or
/// the disk is slower than that or cannot be written. Not guaranteed: that what was completed or trimmed does not come again after a crash.
/// </para>
/// </remarks>
internal sealed class HotBuffer : IItemBuffer
{
    private const long MaxMemory = 64 << 20;

    private readonly ChunkQueue _queue;
    private readonly BufferFile _file;
    private readonly BufferWriter _writer;
    private readonly DropReport _drops;
    private readonly BatchReader _reader;
    private bool _isStopped;

    /// <summary>Creates it. Nothing is touched before <see cref="OpenAsync"/>.</summary>
    /// <param name="directory">The folder of its files.</param>
    /// <param name="options">The limits.</param>
    /// <param name="sourceTimestamps">Whether the time that counts is source time; else time of receipt.</param>
    /// <param name="time">The time.</param>
    /// <param name="log">The log.</param>
    /// <param name="opened">What else to do to a connection that writes, for tests.</param>
    /// <param name="former">The folder that an earlier version used; null: the same.</param>
    public HotBuffer(
        string directory,
        BufferOptions options,
        bool sourceTimestamps,
        TimeProvider time,
        ILogger<HotBuffer> log,
        Action<SqliteConnection>? opened = null,
        string? former = null)
    {
        _queue = new ChunkQueue(sourceTimestamps);
        _drops = new DropReport(options, time, log);
        var chunks = new ChunkWriter(options.MaxSize, _queue, _drops);
        _file = new BufferFile(new BufferFolder(directory, time, former), chunks, _queue, log, opened);
        _writer = new BufferWriter(_file, chunks, options, _queue, _drops, time, log);
        _reader = new BatchReader(_file, _queue, _drops);
    }

    /// <inheritdoc/>
    public long Count
    {
        get
        {
            lock (_queue.Sync)
            {
                return _queue.Count;
            }
        }
    }

    /// <inheritdoc/>
    public long Bytes
    {
        get
        {
            lock (_queue.Sync)
            {
                return _queue.Bytes;
            }
        }
    }

    /// <inheritdoc/>
    public DateTimeOffset? Earliest
    {
        get
        {
            lock (_queue.Sync)
            {
                return _queue.Earliest is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
            }
        }
    }

    /// <inheritdoc/>
    public DateTimeOffset? EarliestReceived
    {
        get
        {
            lock (_queue.Sync)
            {
                return _queue.EarliestReceived is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
            }
        }
    }

    /// <inheritdoc/>
    public DateTimeOffset? LatestReceived
    {
        get
        {
            lock (_queue.Sync)
            {
                return _queue.LatestReceived is { } ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;
            }
        }
    }

    /// <inheritdoc/>
    public bool IsUnshared
    {
        get
        {
            lock (_queue.Sync)
            {
                return _queue.IsUnshared;
            }
        }

        set
        {
            lock (_queue.Sync)
            {
                _queue.IsUnshared = value;
            }
        }
    }

    /// <inheritdoc/>
    public Action<Action> TakingLeft
    {
        get => _file.TakingLeft;
        set => _file.TakingLeft = value;
    }

    /// <inheritdoc/>
    public long Dropped => _drops.Total;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellation) => Task.Run(_writer.Open, cancellation);

    /// <inheritdoc/>
    public void Append(in DataItem item)
    {
        lock (_queue.Sync)
        {
            _queue.Append(item);
            _writer.Appended();
            if (_queue.PendingBytes > MaxMemory)
            {
                DropFromMemory();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<DataItem>> ReadAsync(int maxItems, int maxBytes, DateTimeOffset? upTo, CancellationToken cancellation) =>
        _reader.ReadAsync(maxItems, maxBytes, upTo?.UtcTicks ?? long.MaxValue, cancellation);

    /// <inheritdoc/>
    public void Complete() => _reader.Complete();

    /// <inheritdoc/>
    public void Trim(DateTimeOffset bound)
    {
        var ticks = bound.UtcTicks;
        TrimChunks(
            times => Math.Max(times.SourceMax, times.ReceivedMax) <= ticks,
            times => Math.Max(times.SourceMin, times.ReceivedMin) <= ticks,
            chunk => chunk.Trim(ticks));
    }

    /// <inheritdoc/>
    public void TrimExact(DateTimeOffset cut)
    {
        var ticks = cut.UtcTicks;
        TrimChunks(times => times.SourceMax <= ticks, times => times.SourceMin <= ticks, chunk => chunk.TrimExact(ticks));
    }

    /// <inheritdoc/>
    public Task FlushAsync(CancellationToken cancellation) => _writer.FlushAsync().WaitAsync(cancellation);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_isStopped)
        {
            return;
        }

        _isStopped = true;
        await _writer.StopAsync().ConfigureAwait(false);
    }

    /// <summary>Waits until the disk has what it was to have by now. For tests, whose time stands still meanwhile.</summary>
    /// <returns>A task that ends then.</returns>
    internal Task SettledAsync() => _writer.SettledAsync();

    private void TrimChunks(Func<TimeSpans, bool> isWhole, Func<TimeSpans, bool> isPart, Action<Chunk> trim)
    {
        lock (_queue.Sync)
        {
            for (var node = _queue.Chunks.First; node is not null;)
            {
                var chunk = node.Value;
                node = node.Next;
                if (isWhole(chunk.Times))
                {
                    _queue.Remove(chunk);
                }
                else if (isPart(chunk.Times))
                {
                    _queue.Change(chunk, trim);
                }
            }
        }
    }

    private void DropFromMemory()
    {
        var reason = _writer.IsInTrouble ? DropReason.Unwritable : DropReason.TooFast;
        for (var node = _queue.FirstUnwritten(); node is not null && _queue.PendingBytes > MaxMemory;)
        {
            var chunk = node.Value;
            node = node.Next;
            if (!chunk.IsInWriting)
            {
                _drops.Add(reason, chunk);
                _queue.Remove(chunk);
            }
        }
    }
}
