extern alias client;

using client::ClientFailover.Client;

namespace ClientFailover.Benchmarks.Buffer;

/// <summary>A way to buffer values on the disk, driven at the pace of the data, however fast that is.</summary>
internal interface IBufferCandidate : IAsyncDisposable
{
    /// <summary>Adds a value.</summary>
    /// <param name="item">The value.</param>
    void Append(in DataItem item);

    /// <summary>A tenth of a second of the data's time is over: does what is due.</summary>
    /// <returns>A task that ends when it is done.</returns>
    Task TickAsync();

    /// <summary>Drops what both times say is safe.</summary>
    /// <param name="bound">The bound.</param>
    void Trim(DateTimeOffset bound);

    /// <summary>Reads the oldest values and drops them.</summary>
    /// <param name="count">How many at most.</param>
    /// <returns>The number of the last one, and how many there were.</returns>
    Task<(long Last, int Count)> TakeAsync(int count);
}
