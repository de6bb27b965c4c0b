using System.Numerics;

namespace ClientFailover.Service.Telemetry;

/// <summary>
/// Responsible for a count that every heartbeat adds to: each processor has a cell of its own, so that none waits for another's
/// cache. Adding takes no lock, no search and no memory.
/// </summary>
internal sealed class StripedCounter
{
    // Two lines of the cache, of which processors fetch the second along with the first.
    private const int Distance = 128 / sizeof(long);

    private static readonly int Mask = (int)BitOperations.RoundUpToPowerOf2((uint)Environment.ProcessorCount) - 1;

    // One more at each end: what lies beside the array is somebody else's.
    private readonly long[] _cells = new long[(Mask + 3) * Distance];

    /// <summary>The count. May miss what is being added meanwhile.</summary>
    public long Value
    {
        get
        {
            var sum = 0L;
            for (var i = Distance; i < _cells.Length; i += Distance)
            {
                sum += Volatile.Read(ref _cells[i]);
            }

            return sum;
        }
    }

    /// <summary>Adds one.</summary>
    public void Increment() => Interlocked.Increment(ref _cells[((Thread.GetCurrentProcessorId() & Mask) + 1) * Distance]);
}
