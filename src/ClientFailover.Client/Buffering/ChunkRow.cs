namespace ClientFailover.Client.Buffering;

/// <summary>What the disk knows of a chunk without reading its items.</summary>
/// <param name="Id">Its number, which gives the order.</param>
/// <param name="Total">Its positions.</param>
/// <param name="Count">The positions that were not removed when it was written.</param>
/// <param name="Bytes">Bytes of its content.</param>
/// <param name="Times">The times of its items.</param>
internal readonly record struct ChunkRow(long Id, int Total, int Count, long Bytes, TimeSpans Times);
