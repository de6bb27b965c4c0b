namespace ClientFailover.Client.Buffering;

/// <summary>A chunk as it was when it was taken to be written.</summary>
/// <param name="Chunk">The chunk.</param>
/// <param name="Items">Its items.</param>
/// <param name="Total">Its positions.</param>
/// <param name="Count">Those that were not removed.</param>
/// <param name="Removed">Which were removed; null: none.</param>
/// <param name="Times">The times of its items.</param>
/// <param name="PendingBytes">Bytes in memory that the disk did not have.</param>
internal sealed record ChunkImage(Chunk Chunk, DataItem[] Items, int Total, int Count, ulong[]? Removed, TimeSpans Times, long PendingBytes);
