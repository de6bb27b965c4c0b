namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for making callers wait whose requests are refused: meanwhile their connection asks nothing more, which is what keeps a flood small.
/// Bounded, for each request that waits takes memory.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class Pauses(TimeProvider time)
{
    /// <summary>How many may wait, of all callers together.</summary>
    public const int Most = 10_000;

    /// <summary>How many may wait before each connection is held to its own share: a gateway's adapters may all fail at once.</summary>
    public const int Many = Most / 2;

    /// <summary>The shortest pause.</summary>
    public static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(100);

    /// <summary>The longest pause: a caller that is told to wait must not take the service for dead.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private int _waiting;

    /// <summary>How many wait.</summary>
    public int Waiting => Volatile.Read(ref _waiting);

    /// <summary>Whether so many wait that each connection is held to its share.</summary>
    public bool IsCrowded => Waiting >= Many;

    /// <summary>Waits; not at all when too many do already.</summary>
    /// <param name="wish">How long; it is kept within the shortest and the longest.</param>
    /// <param name="cancellation">The caller has gone: nobody is waited for.</param>
    /// <returns>Completes when the time is over. Never fails.</returns>
    public async Task TakeAsync(TimeSpan wish, CancellationToken cancellation)
    {
        var pause = wish < Shortest ? Shortest : wish > Longest ? Longest : wish;
        try
        {
            if (Interlocked.Increment(ref _waiting) <= Most)
            {
                await Task.Delay(pause, time, cancellation).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _waiting);
        }
    }
}
