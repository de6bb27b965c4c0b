extern alias client;

using client::ClientFailover.Client;
using client::ClientFailover.Client.Buffering;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace ClientFailover.Benchmarks.Buffer;

/// <summary>The library's buffer. Its clock is that of the data, so that it writes and flushes exactly as often as in real time.</summary>
internal sealed class ChunkCandidate : IBufferCandidate
{
    private const int MostBytes = 128 * 1024;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider _time = new(BufferWorkload.Start);
    private readonly HotBuffer _buffer;

    private ChunkCandidate(string folder) =>
        _buffer = new HotBuffer(folder, new BufferOptions(), sourceTimestamps: true, _time, NullLogger<HotBuffer>.Instance);

    /// <summary>What was dropped: must be nothing.</summary>
    public long Dropped => _buffer.Dropped;

    /// <summary>Opens it.</summary>
    /// <param name="folder">Its folder.</param>
    /// <returns>The buffer.</returns>
    public static async Task<ChunkCandidate> OpenAsync(string folder)
    {
        var candidate = new ChunkCandidate(folder);
        await candidate._buffer.OpenAsync(CancellationToken.None);
        return candidate;
    }

    /// <inheritdoc/>
    public void Append(in DataItem item) => _buffer.Append(item);

    /// <inheritdoc/>
    public Task TickAsync()
    {
        _time.Advance(Tick);
        return _buffer.SettledAsync();
    }

    /// <inheritdoc/>
    public void Trim(DateTimeOffset bound) => _buffer.Trim(bound);

    /// <inheritdoc/>
    public async Task<(long Last, int Count)> TakeAsync(int count)
    {
        var batch = await _buffer.ReadAsync(count, MostBytes, null, CancellationToken.None);
        _buffer.Complete();
        return batch.Count == 0 ? (-1, 0) : (BufferWorkload.Number(batch[^1]), batch.Count);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _buffer.DisposeAsync();
}
