using Microsoft.Data.Sqlite;

namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for the batch that is out: puts it together of what is in memory and on the disk, and removes exactly that when it is
/// completed. Takes the queue's lock itself, and does not hold it while it waits for the disk. One call at a time.
/// </summary>
/// <param name="file">The disk.</param>
/// <param name="queue">The chunks.</param>
/// <param name="drops">Is told what cannot be read.</param>
internal sealed class BatchReader(BufferFile file, ChunkQueue queue, DropReport drops)
{
    private readonly StreamNames _names = new();
    private readonly List<(Chunk Chunk, int Position)> _batch = [];
    private readonly List<Chunk> _batchChunks = [];
    private readonly List<Chunk> _loaded = [];

    /// <summary>Reads the oldest items.</summary>
    /// <param name="maxItems">Most items.</param>
    /// <param name="maxBytes">Most bytes of payload, but at least one item.</param>
    /// <param name="upTo">Only items whose time is not later, in ticks.</param>
    /// <param name="cancellation">Ends the wait for the disk.</param>
    /// <returns>The batch.</returns>
    public async ValueTask<IReadOnlyList<DataItem>> ReadAsync(int maxItems, int maxBytes, long upTo, CancellationToken cancellation)
    {
        var reading = new Reading(maxItems, maxBytes, upTo);
        lock (queue.Sync)
        {
            EndBatch();
        }

        while (true)
        {
            Chunk? missing;
            lock (queue.Sync)
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

    /// <summary>Removes the batch.</summary>
    public void Complete()
    {
        lock (queue.Sync)
        {
            foreach (var (chunk, position) in _batch)
            {
                // Trimmed or dropped meanwhile, it is gone already.
                if (ChunkQueue.Contains(chunk))
                {
                    queue.RemoveAt(chunk, position);
                }
            }

            foreach (var chunk in _batchChunks)
            {
                if (ChunkQueue.Contains(chunk))
                {
                    queue.Change(chunk, c => c.Settle());
                }
            }

            EndBatch();
        }
    }

    /// <summary>Adds to a batch until it is full or a chunk has to be read first.</summary>
    private Chunk? Fill(Reading reading)
    {
        var node = reading.Chunk?.Node ?? queue.Chunks.First;
        for (; node is not null && !reading.IsFull; node = node.Next)
        {
            var chunk = node.Value;
            if (queue.TimeOf(chunk) > reading.UpTo || (chunk.IsInBatch && chunk.BatchNext == chunk.Total))
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
            if (chunk.IsRemoved(position) || queue.TimeOf(item) > reading.UpTo)
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
            var content = await Task.Run(() => file.Read(chunk.Id), cancellation).ConfigureAwait(false);
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

        lock (queue.Sync)
        {
            if (!ChunkQueue.Contains(chunk) || chunk.Items is not null)
            {
                return;
            }

            if (items?.Length == chunk.Total)
            {
                _loaded.Add(chunk);
                queue.Change(chunk, c => c.Load(items, removed));
            }
            else
            {
                drops.Add(DropReason.Damaged, chunk);
                queue.Remove(chunk);
            }
        }
    }

    /// <summary>Its last chunk stays in memory: the next batch begins there.</summary>
    private void EndBatch()
    {
        for (var i = 0; i < _batchChunks.Count; i++)
        {
            _batchChunks[i].IsInBatch = false;
            if (i < _batchChunks.Count - 1)
            {
                queue.ReleaseIfIdle(_batchChunks[i]);
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
            queue.ReleaseIfIdle(chunk);
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
