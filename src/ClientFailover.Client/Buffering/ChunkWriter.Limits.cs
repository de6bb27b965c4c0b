namespace ClientFailover.Client.Buffering;

/// <content>The limits of size and age.</content>
internal sealed partial class ChunkWriter
{
    /// <summary>The shared memory file of SQLite, the lock, and what a transaction needs beside its content.</summary>
    private const long Overhead = 128 << 10;

    /// <summary>How exactly the greatest age is kept.</summary>
    private const int ChunksInAge = 16;

    /// <summary>Free space in the file that is kept for what comes.</summary>
    private const long FreeKept = 16 << 20;

    /// <summary>How often in a row the file is made smaller when it is larger than it may be: others are served between.</summary>
    private const int MostShrinkSteps = 32;

    /// <summary>Drops what was received too long ago.</summary>
    /// <param name="jumps">The clock.</param>
    /// <param name="maxAge">How long ago is too long.</param>
    public void DropOld(ClockJumps jumps, TimeSpan maxAge)
    {
        var now = jumps.Look(maxAge);
        var bound = now - maxAge.Ticks;
        lock (queue.Sync)
        {
            // A chunk goes as a whole: it must not take long to fill.
            queue.SealOlderThan(now - (maxAge.Ticks / ChunksInAge));

            while (queue.Chunks.First?.Value is { IsInWriting: false } chunk && chunk.Times.ReceivedMax < bound - jumps.Since(chunk.Times.ReceivedMax))
            {
                Drop(chunk, DropReason.Age);
            }
        }
    }

    /// <summary>Drops everything that is on the disk only: the file is gone.</summary>
    public void DropWritten()
    {
        lock (queue.Sync)
        {
            foreach (var chunk in queue.Chunks.Where(c => c.WrittenTotal > 0).ToList())
            {
                if (chunk.Items is null)
                {
                    Drop(chunk, DropReason.Damaged);
                }
                else
                {
                    queue.Unwritten(chunk);
                }
            }

            queue.TakeDeleted();
        }
    }

    /// <summary>Bytes that the file may use, beside its log.</summary>
    private long Room(long next) => maxSize - Overhead - Math.Max(MostLog, next);

    private void Shrink(ChunkStore store)
    {
        for (var step = 0; step < MostShrinkSteps; step++)
        {
            var (file, free) = (store.FileSize, store.FreeSize);
            var isTooLarge = free > 0 && file > Room(0);
            if (!isTooLarge && (free <= FreeKept || free <= file / 2))
            {
                return;
            }

            // Little at once, because every page has to be copied, through the log.
            store.Shrink(MostLog / 4);
            store.Checkpoint(MostLog);
            if (!isTooLarge)
            {
                return;
            }
        }
    }

    private long MakeRoom(ChunkStore store, long used, long allowed)
    {
        if (used <= allowed)
        {
            return used;
        }

        lock (queue.Sync)
        {
            var node = queue.Chunks.First;
            while (used > allowed && node is not null)
            {
                var chunk = node.Value;
                node = node.Next;
                if (chunk.WrittenTotal > 0 && !chunk.IsInWriting)
                {
                    used -= chunk.Bytes;
                    Drop(chunk, DropReason.Size);
                }
            }
        }

        Delete(store);
        return store.FileSize - store.FreeSize;
    }

    private void DropTooLarge(Chunk chunk)
    {
        lock (queue.Sync)
        {
            if (ChunkQueue.Contains(chunk))
            {
                Drop(chunk, DropReason.Size);
            }
        }
    }

    private void Drop(Chunk chunk, DropReason reason)
    {
        drops.Add(reason, chunk);
        queue.Remove(chunk);
    }
}
