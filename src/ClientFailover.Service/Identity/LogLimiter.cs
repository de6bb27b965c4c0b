namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for how often something is logged that anybody can bring about, by sending what is refused: a few lines a minute tell
/// what is wrong, and none fills the log.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class LogLimiter(TimeProvider time)
{
    /// <summary>How many lines of one kind at once.</summary>
    public const int Lines = 10;

    /// <summary>The time in which as many are allowed again.</summary>
    public static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    // More kinds than any scheme has.
    private const int Kinds = 8;

    private readonly Lock _lock = new();
    private readonly TokenBuckets<string> _lines = new(time, Lines, Window, Kinds);

    /// <summary>Asks for a line.</summary>
    /// <param name="kind">Its kind.</param>
    /// <returns>Whether to log it.</returns>
    public bool MayLog(string kind)
    {
        lock (_lock)
        {
            return _lines.TryTake(kind, out _);
        }
    }
}
