using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.AspNetCore.Connections;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for the web server's buffers: each message that is being received or sent takes a block. When thousands of
/// adapters speak in the same instant, as after a restart, thousands are taken. The web server's own pool gives back one to
/// five of a hundred every ten seconds, this one all that nobody needed for five: with 10,000 open streams they are nearly a
/// quarter of what is held. What was given back last is taken first: the processor still has it at hand.
/// </summary>
internal sealed class BlockPool : MemoryPool<byte>
{
    private const int BlockSize = 4096;

    /// <summary>What is kept whatever happens, 1 MiB: usual load takes no more.</summary>
    private const int FewestIdle = 256;

    /// <summary>Longer than a pause of a load that comes and goes, whose blocks would have to be made anew each time.</summary>
    public static readonly TimeSpan TrimInterval = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private readonly ITimer _timer;
    private Block? _top;
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
        Block? block;
        lock (_gate)
        {
            block = Take();
        }

        return block ?? new Block(this);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _timer.Dispose();
        lock (_gate)
        {
            (_top, _count) = (null, 0);
        }
    }

    private void Return(Block block)
    {
        lock (_gate)
        {
            (block.Below, _top) = (_top, block);
            _count++;
        }
    }

    /// <summary>Takes the uppermost. Under the lock.</summary>
    private Block? Take()
    {
        if (_top is not { } block)
        {
            return null;
        }

        (_top, block.Below) = (block.Below, null);
        _fewest = Math.Min(_fewest, --_count);
        return block;
    }

    /// <summary>Lets go of what nobody needed since the last time; the collector does the rest.</summary>
    private void Trim()
    {
        lock (_gate)
        {
            for (var excess = _fewest - FewestIdle; excess > 0; excess--)
            {
                Take();
            }

            _fewest = _count;
        }
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

        /// <summary>The next of those that are kept.</summary>
        public Block? Below { get; set; }

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
