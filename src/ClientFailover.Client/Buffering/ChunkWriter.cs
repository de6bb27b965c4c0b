namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for writing chunks within the limits of size and age. Used by one thread; takes the queue's lock itself. What a method
/// throws, it has taken back.
/// </summary>
/// <param name="maxSize">Bytes on the disk, everything included.</param>
/// <param name="queue">The chunks.</param>
/// <param name="drops">Is told what is dropped.</param>
internal sealed partial class ChunkWriter(long maxSize, ChunkQueue queue, DropReport drops)
{
    /// <summary>Pages that a chunk needs beside its content, at most.</summary>
    private const long ChunkOverhead = 16 << 10;

    /// <summary>What is taken at once from memory.</summary>
    private const long MostTaken = 16 << 20;

    private readonly ChunkCodec _codec = new();
    private readonly StreamNames _names = new();
    private List<long> _deleted = [];
    private bool _isUnflushed;

    /// <summary>About how large the log may grow.</summary>
    public long MostLog { get; } = Math.Clamp(maxSize / 8, 128 << 10, 16 << 20);

    /// <summary>Writes what is in memory only.</summary>
    /// <param name="store">The disk.</param>
    public void WriteUnwritten(ChunkStore store)
    {
        bool isMore;
        do
        {
            List<ChunkImage> images;
            lock (queue.Sync)
            {
                images = queue.TakeUnwritten(MostTaken);
                isMore = images.Sum(i => i.PendingBytes) >= MostTaken;
            }

            Write(store, images);
        }
        while (isMore);
    }

    /// <summary>Writes which items are removed, so that they do not come again after a stop.</summary>
    /// <param name="store">The disk.</param>
    public void WriteRemovals(ChunkStore store)
    {
        List<Chunk> chunks;
        lock (queue.Sync)
        {
            chunks = [.. queue.Chunks.Where(c => c.IsRemovalUnsaved || c.HasBounds)];
        }

        foreach (var chunk in chunks)
        {
            var decoded = Decode(store, chunk);
            ChunkImage image;
            lock (queue.Sync)
            {
                if (ChunkQueue.Contains(chunk) && chunk.Items is null && decoded.Items?.Length == chunk.Total)
                {
                    queue.Change(chunk, c => c.Load(decoded.Items, decoded.Removed));
                }

                if (!ChunkQueue.Contains(chunk) || chunk.Items is null)
                {
                    continue;
                }

                image = queue.Take(chunk);
            }

            Write(store, [image]);
        }
    }

    /// <summary>Deletes what is not wanted any more, flushes, and gives back what is free beyond need.</summary>
    /// <param name="store">The disk.</param>
    public void Keep(ChunkStore store)
    {
        var isUnshared = store.IsUnshared;
        bool isDue;
        lock (queue.Sync)
        {
            isDue = queue.HasDeleted || queue.IsUnshared != isUnshared;
        }

        if (isDue || store.FileSize - store.FreeSize > Room(0))
        {
            Write(store, []);
        }

        if (_isUnflushed)
        {
            store.Checkpoint(MostLog);
            _isUnflushed = false;
        }

        Shrink(store);
    }

    private (DataItem[]? Items, ulong[]? Removed) Decode(ChunkStore store, Chunk chunk)
    {
        try
        {
            return chunk.Items is null && store.Read(chunk.Id) is { } content ? ChunkCodec.Decode(content, _names) : default;
        }
        catch (InvalidDataException)
        {
            // Whoever reads it will tell.
            return default;
        }
    }

    private void Write(ChunkStore store, List<ChunkImage> images)
    {
        var done = 0;
        try
        {
            do
            {
                done = WriteSome(store, images, done);
                if (store.LogSize >= MostLog / 2)
                {
                    store.Checkpoint(MostLog);
                }
            }
            while (done < images.Count);
        }
        catch
        {
            store.Rollback();
            lock (queue.Sync)
            {
                queue.ReturnDeleted(_deleted);
                foreach (var image in images.Skip(done))
                {
                    image.Chunk.IsInWriting = false;
                    image.Chunk.IsRemovalUnsaved |= image.Chunk.WrittenTotal > 0;
                }
            }

            _deleted = [];
            throw;
        }
    }

    /// <summary>One transaction, of no more than half the log.</summary>
    private int WriteSome(ChunkStore store, List<ChunkImage> images, int from)
    {
        _deleted = [];
        store.Begin();
        Delete(store);
        Mark(store);
        var used = store.FileSize - store.FreeSize;
        var bytes = 0L;
        var lengths = new List<long>();
        var next = from;
        for (; next < images.Count && bytes < MostLog / 2; next++)
        {
            var image = images[next];
            var content = _codec.Encode(image.Items.AsSpan(0, image.Total), image.Removed);
            var needed = content.Length + ChunkOverhead;
            used = MakeRoom(store, used, Room(needed) - needed);
            var fits = used + needed <= Room(needed);
            lengths.Add(content.Length);
            if (!fits)
            {
                DropTooLarge(image.Chunk);
                continue;
            }

            store.Write(new ChunkRow(image.Chunk.Id, image.Total, image.Count, content.Length, image.Times), content);
            used += needed;
            bytes += needed;
        }

        if (images.Count == 0)
        {
            MakeRoom(store, used, Room(0));
        }

        store.Commit();
        _isUnflushed = true;
        lock (queue.Sync)
        {
            for (var i = from; i < next; i++)
            {
                var chunk = images[i].Chunk;
                chunk.IsInWriting = false;
                chunk.Bytes = queue.IsOpen(chunk) ? chunk.Bytes : lengths[i - from];
                queue.Written(chunk, images[i].Total, images[i].PendingBytes);
            }
        }

        _deleted = [];
        return next;
    }

    private void Mark(ChunkStore store)
    {
        bool isUnshared;
        lock (queue.Sync)
        {
            isUnshared = queue.IsUnshared;
        }

        if (isUnshared != store.IsUnshared)
        {
            store.IsUnshared = isUnshared;
        }
    }

    private void Delete(ChunkStore store)
    {
        List<long> deleted;
        lock (queue.Sync)
        {
            deleted = queue.TakeDeleted();
        }

        _deleted.AddRange(deleted);
        foreach (var id in deleted)
        {
            store.Delete(id);
        }
    }
}
