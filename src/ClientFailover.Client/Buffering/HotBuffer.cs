using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for the queue of an adapter: values go into chunks in memory, and those that are not completed soon to the disk.
/// </summary>
/// <remarks>
/// Why chunks in SQLite: a row for each value costs many times the work, and a log file (such as FasterLog) can be cut at its beginning only,
/// while here chunks go from anywhere, the space is used again, and what a crash means is known.
/// <para>
/// Guaranteed: what was added is on the disk 250 ms later and flushed about a second later, unless it was completed or trimmed before, or
/// the disk is slower than that or cannot be written. Not guaranteed: that what was completed or trimmed does not come again after a crash.
/// </para>
/// </remarks>
internal sealed class HotBuffer : IItemBuffer
{
    private const long MaxMemory = 64 << 20;

    private readonly ChunkQueue _queue;
    private readonly BufferWriter _writer;
    private readonly DropReport _drops;
    private readonly StreamNames _names = new();
    private readonly List<(Chunk Chunk, int Position)> _batch = [];
    private readonly List<Chunk> _batchChunks = [];
    private readonly List<Chunk> _loaded = [];
    private TaskCompletionSource? _waiter;
    private bool _isAppended;
    private bool _isStopped;

    /// <summary>Creates it. Nothing is touched before <see cref="OpenAsync"/>.</summary>
    /// <param name="directory">The folder of its files.</param>
    /// <param name="options">The limits.</param>
    /// <param name="sourceTimestamps">Whether the time that counts is source time; else time of receipt.</param>
    /// <param name="time">The time.</param>
    /// <param name="log">The log.</param>
    /// <param name="opened">What else to do to a connection that writes, for tests.</param>
    public HotBuffer(string directory, BufferOptions options, bool sourceTimestamps, TimeProvider time, ILogger<HotBuffer> log, Action<SqliteConnection>? opened = null)
    {
        _queue = new ChunkQueue(sourceTimestamps);
        _drops = new DropReport(options, time, log);
        _writer = new BufferWriter(new BufferFolder(directory, time), options, _queue, _drops, time, log, opened);
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
    public long Dropped => _drops.Total;

    /// <inheritdoc/>
    public Task OpenAsync(CancellationToken cancellation) => Task.Run(_writer.Open, cancellation);

    /// <inheritdoc/>
    public void Append(in DataItem item)
    {
        TaskCompletionSource? waiter;
        lock (_queue.Sync)
        {
            _queue.Append(item);
            _writer.Appended();
            if (_queue.PendingBytes > MaxMemory)
            {
                DropFromMemory();
            }

            _isAppended = true;
            (waiter, _waiter) = (_waiter, null);
        }

        waiter?.TrySetResult();
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<DataItem>> ReadAsync(int maxItems, int maxBytes, DateTimeOffset? upTo, CancellationToken cancellation)
    {
        var reading = new Reading(maxItems, maxBytes, upTo?.UtcTicks ?? long.MaxValue);
        lock (_queue.Sync)
        {
            EndBatch(keepLast: true);
            _isAppended = false;
        }

        while (true)
        {
            Chunk? missing;
            lock (_queue.Sync)
            {
                missing = Fill(reading);
                if (missing is null)
                {
                    ReleaseUnused();
                    return reading.Items;
                }
            }

            await LoadAsync(missing, cancellation).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public void Complete()
    {
        lock (_queue.Sync)
        {
            foreach (var (chunk, position) in _batch)
            {
                // Trimmed or dropped meanwhile, it is gone already.
                if (ChunkQueue.Contains(chunk))
                {
                    _queue.RemoveAt(chunk, position);
                }
            }

            foreach (var chunk in _batchChunks)
            {
                if (ChunkQueue.Contains(chunk))
                {
                    _queue.Change(chunk, c => c.Settle());
                }
            }

            EndBatch(keepLast: true);
        }
    }

    /// <inheritdoc/>
    public Task WaitForItemsAsync(CancellationToken cancellation)
    {
        lock (_queue.Sync)
        {
            if (_isAppended)
            {
                return Task.CompletedTask;
            }

            _waiter ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task.WaitAsync(cancellation);
        }
    }

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

    /// <summary>Adds to a batch until it is full or a chunk has to be read first.</summary>
    private Chunk? Fill(Reading reading)
    {
        var node = reading.Chunk?.Node ?? _queue.Chunks.First;
        for (; node is not null && !reading.IsFull; node = node.Next)
        {
            var chunk = node.Value;
            if (_queue.TimeOf(chunk) > reading.UpTo || (chunk.IsInBatch && chunk.BatchNext == chunk.Total))
            {
                continue;
            }

            reading.Chunk = chunk;
            if (chunk.Items is null)
            {
                return chunk;
            }

            Fill(reading, chunk);
        }

        return null;
    }

    private void Fill(Reading reading, Chunk chunk)
    {
        var position = Math.Max(chunk.First, chunk.IsInBatch ? chunk.BatchNext : 0);
        for (; position < chunk.Total; position++)
        {
            ref readonly var item = ref chunk.Items![position];
            if (chunk.IsRemoved(position) || _queue.TimeOf(item) > reading.UpTo)
            {
                continue;
            }

            if (!reading.TryAdd(item))
            {
                break;
            }

            if (!chunk.IsInBatch)
            {
                chunk.IsInBatch = true;
                _batchChunks.Add(chunk);
            }

            _batch.Add((chunk, position));
        }

        chunk.BatchNext = position;
    }

    private async Task LoadAsync(Chunk chunk, CancellationToken cancellation)
    {
        DataItem[]? items = null;
        ulong[]? removed = null;
        try
        {
            var content = await Task.Run(() => _writer.Read(chunk.Id), cancellation).ConfigureAwait(false);
            if (content is not null)
            {
                (items, removed) = ChunkCodec.Decode(content, _names);
            }
        }
        catch (Exception e) when (StoreFailure.IsDamage(e))
        {
            // What is in it is lost; what is behind it is not.
        }
        catch (SqliteException e)
        {
            throw new IOException($"The buffer cannot be read: {StoreFailure.Describe(e)}.", e);
        }

        lock (_queue.Sync)
        {
            if (!ChunkQueue.Contains(chunk) || chunk.Items is not null)
            {
                return;
            }

            if (items?.Length == chunk.Total)
            {
                _loaded.Add(chunk);
                _queue.Change(chunk, c => c.Load(items, removed));
            }
            else
            {
                _drops.Add(DropReason.Damaged, chunk);
                _queue.Remove(chunk);
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

    private void EndBatch(bool keepLast)
    {
        for (var i = 0; i < _batchChunks.Count; i++)
        {
            _batchChunks[i].IsInBatch = false;
            if (!keepLast || i < _batchChunks.Count - 1)
            {
                _queue.ReleaseIfIdle(_batchChunks[i]);
            }
        }

        _batch.Clear();
        _batchChunks.Clear();
    }

    /// <summary>Chunks that were read over do not stay in memory.</summary>
    private void ReleaseUnused()
    {
        foreach (var chunk in _loaded)
        {
            _queue.ReleaseIfIdle(chunk);
        }

        _loaded.RemoveAll(c => !c.IsInBatch);
    }

    /// <summary>A batch that is being put together.</summary>
    private sealed class Reading(int maxItems, int maxBytes, long upTo)
    {
        private readonly List<DataItem> _items = [];
        private long _bytes;

        public IReadOnlyList<DataItem> Items => _items;

        public long UpTo => upTo;

        public Chunk? Chunk { get; set; }

        public bool IsFull { get; private set; }

        public bool TryAdd(in DataItem item)
        {
            IsFull = _items.Count == maxItems || (_items.Count > 0 && _bytes + item.Payload.Length > maxBytes);
            if (!IsFull)
            {
                _items.Add(item);
                _bytes += item.Payload.Length;
            }

            return !IsFull;
        }
    }
}
