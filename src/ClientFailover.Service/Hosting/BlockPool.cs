using System.Buffers;
using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for the web server's buffers: each message that is being received or sent takes a block. When thousands of
/// adapters speak in the same instant, as after a restart, thousands are taken. The web server's own pool gives back one to
/// five of a hundred every ten seconds, this one all that nobody needed for five: with 10,000 open streams they are nearly a
/// quarter of what is held.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    private const int BlockSize = 4096;

    /// <summary>What is kept whatever happens, 1 MiB: usual load takes no more.</summary>
    private const int FewestIdle = 256;

    /// <summary>Longer than a pause of a load that comes and goes, whose blocks would have to be made anew each time.</summary>
    public static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(5);

    private readonly ConcurrentQueue<Block> _idle = new();
    private readonly ITimer _timer;
    private int _count;
    private int _fewest;

    /// <summary>An empty pool.</summary>
    /// <param name="time">The clock.</param>
    public BlockPool(TimeProvider time) =>
        _timer = time.CreateTimer(static pool => ((BlockPool)pool!).Trim(), this, TrimInterval, TrimInterval);

    /// <inheritdoc/>
    public override int MaxBufferSize => BlockSize;

    /// <summary>How many blocks are kept for use.</summary>
    public int Idle => Volatile.Read(ref _count);

    /// <inheritdoc/>
    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        if (!_idle.TryDequeue(out var block))
        {
            _fewest = 0;
            return new Block(this);
        }

        // Two threads may overwrite each other's minimum: then a few blocks too many are given back, or a few too late.
        var count = Interlocked.Decrement(ref _count);
        if (count < _fewest)
        {
            _fewest = count;
        }

        return block;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _timer.Dispose();
        _idle.Clear();
    }

    private void Return(Block block)
    {
        _idle.Enqueue(block);
        Interlocked.Increment(ref _count);
    }

    /// <summary>Lets go of what nobody needed since the last time; the collector does the rest.</summary>
    private void Trim()
    {
        for (var excess = _fewest - FewestIdle; excess > 0 && _idle.TryDequeue(out _); excess--)
        {
            Interlocked.Decrement(ref _count);
        }

        _fewest = Idle;
    }

    private sealed class Block : IMemoryOwner<byte>
    {
        private readonly BlockPool _pool;

        public Block(BlockPool pool)
        {
            // Pinned from the start, so that sending and receiving need not pin it among what the collector moves.
            _pool = pool;
            Memory = MemoryMarshal.CreateFromPinnedArray(GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true), 0, BlockSize);
        }

        public Memory<byte> Memory { get; }

        public void Dispose() => _pool.Return(this);
    }
}

/// <summary>Responsible for giving the web server its pools.</summary>
/// <param name="time">The clock.</param>
internal sealed class BlockPools(TimeProvider time) : IMemoryPoolFactory<byte>
{
    /// <inheritdoc/>
    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new BlockPool(time);
}
