namespace ClientFailover.Client.Buffering;

/// <content>What the disk does not have, and what it is to delete.</content>
internal sealed partial class ChunkQueue
{
    private List<long> _deleted = [];

    /// <summary>The number of the next chunk on the disk.</summary>
    public long NextId { get; set; } = 1;

    /// <summary>Whether some of it may be in nobody else's buffer.</summary>
    public bool IsUnshared { get; set; }

    /// <summary>Whether the disk has chunks that are not wanted any more.</summary>
    public bool HasDeleted => _deleted.Count > 0;

    /// <summary>Looks at what the disk does not have, once a tick.</summary>
    /// <returns>Whether something of it was there at the tick before and is still not removed.</returns>
    public bool Age()
    {
        var isDue = false;
        for (var node = _chunks.Last; node?.Value is { IsUnwritten: true } chunk; node = node.Previous)
        {
            isDue |= chunk.HasLeft(chunk.WrittenTotal, chunk.AgedTotal);
            chunk.AgedTotal = chunk.Total;
        }

        return isDue;
    }

    /// <summary>Takes what the disk does not have, oldest first, to be written.</summary>
    /// <param name="most">Bytes in memory after which it is enough.</param>
    /// <returns>What to write.</returns>
    public List<ChunkImage> TakeUnwritten(long most)
    {
        var images = new List<ChunkImage>();
        var bytes = 0L;
        for (var node = FirstUnwritten(); node is not null && bytes < most; node = node.Next)
        {
            bytes += node.Value.PendingBytes;
            images.Add(Take(node.Value));
        }

        return images;
    }

    /// <summary>Takes a chunk to be written.</summary>
    /// <param name="chunk">The chunk; its items are in memory.</param>
    /// <returns>What to write.</returns>
    public ChunkImage Take(Chunk chunk)
    {
        if (IsOpen(chunk) && (chunk.Bytes >= Chunk.MaxBytes / 2 || chunk.Total >= Chunk.MaxItems / 2))
        {
            // What is small stays open and is written again with what is added to it, so that few values do not make many chunks.
            Seal();
        }

        if (chunk.Id == 0)
        {
            chunk.Id = NextId++;
        }

        chunk.IsInWriting = true;
        chunk.IsRemovalUnsaved = false;
        return new ChunkImage(chunk, chunk.Items!, chunk.Total, chunk.Count, chunk.Removed?.ToArray(), chunk.Times, chunk.PendingBytes);
    }

    /// <summary>The oldest chunk that the disk does not have all of.</summary>
    /// <returns>Its place; null: there is none.</returns>
    public LinkedListNode<Chunk>? FirstUnwritten()
    {
        LinkedListNode<Chunk>? first = null;
        for (var node = _chunks.Last; node?.Value.IsUnwritten == true; node = node.Previous)
        {
            first = node;
        }

        return first;
    }

    /// <summary>How many items the disk does not have. Takes the lock itself.</summary>
    /// <returns>At most so many.</returns>
    public long CountUnwritten()
    {
        lock (Sync)
        {
            var count = 0L;
            for (var node = FirstUnwritten(); node is not null; node = node.Next)
            {
                count += Math.Min(node.Value.Count, node.Value.Total - node.Value.WrittenTotal);
            }

            return count;
        }
    }

    /// <summary>A chunk is written, in part or whole.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="total">How many positions.</param>
    /// <param name="pendingBytes">How many bytes in memory they took.</param>
    public void Written(Chunk chunk, int total, long pendingBytes)
    {
        if (!Contains(chunk))
        {
            // Removed while it was on its way: its deletion may have come before the write.
            _deleted.Add(chunk.Id);
            return;
        }

        chunk.WrittenTotal = Math.Max(chunk.WrittenTotal, total);
        chunk.PendingBytes -= pendingBytes;
        PendingBytes -= pendingBytes;
        ReleaseIfIdle(chunk);
    }

    /// <summary>The disk has lost a chunk that is in memory still.</summary>
    /// <param name="chunk">The chunk.</param>
    public void Unwritten(Chunk chunk)
    {
        PendingBytes -= chunk.PendingBytes;
        chunk.Forget(ItemMemory);
        PendingBytes += chunk.PendingBytes;
    }

    /// <summary>Takes the numbers of the chunks that the disk is to delete.</summary>
    /// <returns>The numbers.</returns>
    public List<long> TakeDeleted()
    {
        var deleted = _deleted;
        _deleted = [];
        return deleted;
    }

    /// <summary>Gives them back: the disk could not delete them.</summary>
    /// <param name="deleted">The numbers.</param>
    public void ReturnDeleted(List<long> deleted) => _deleted.AddRange(deleted);
}
