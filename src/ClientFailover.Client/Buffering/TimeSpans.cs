namespace ClientFailover.Client.Buffering;

/// <summary>From when to when the times of some items go, in ticks of UTC.</summary>
/// <param name="SourceMin">Earliest source time.</param>
/// <param name="SourceMax">Latest source time.</param>
/// <param name="ReceivedMin">Earliest time of receipt.</param>
/// <param name="ReceivedMax">Latest time of receipt.</param>
internal readonly record struct TimeSpans(long SourceMin, long SourceMax, long ReceivedMin, long ReceivedMax)
{
    /// <summary>Those of no item.</summary>
    public static TimeSpans None => new(long.MaxValue, long.MinValue, long.MaxValue, long.MinValue);

    /// <summary>Those with one more item.</summary>
    /// <param name="item">The item.</param>
    /// <returns>The spans.</returns>
    public TimeSpans With(in DataItem item)
    {
        var (source, received) = (item.SourceTime.UtcTicks, item.ReceivedTime.UtcTicks);
        return new(Math.Min(SourceMin, source), Math.Max(SourceMax, source), Math.Min(ReceivedMin, received), Math.Max(ReceivedMax, received));
    }
}

/// <summary>What the disk knows of a chunk without reading its items.</summary>
/// <param name="Id">Its number, which gives the order.</param>
/// <param name="Total">Its positions.</param>
/// <param name="Count">The positions that were not removed when it was written.</param>
/// <param name="Bytes">Bytes of its content.</param>
/// <param name="Times">The times of its items.</param>
internal readonly record struct ChunkRow(long Id, int Total, int Count, long Bytes, TimeSpans Times);

/// <summary>A chunk as it was when it was taken to be written.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Items">Its items.</param>
/// <param name="Total">Its positions.</param>
/// <param name="Count">Those that were not removed.</param>
/// <param name="Removed">Which were removed; null: none.</param>
/// <param name="Times">The times of its items.</param>
/// <param name="PendingBytes">Bytes in memory that the disk did not have.</param>
internal sealed record ChunkImage(Chunk Chunk, DataItem[] Items, int Total, int Count, ulong[]? Removed, TimeSpans Times, long PendingBytes);
