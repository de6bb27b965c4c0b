namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for ages that a wall clock which was set forward does not make up: a machine without a battery boots in 1970, and its clock is
/// set while it runs. Used by one thread. The monotonic clock stands still while a machine is suspended, so that time does not count either.
/// </summary>
/// <param name="time">The time.</param>
internal sealed class ClockJumps(TimeProvider time)
{
    /// <summary>What is less is how inexactly two clocks are read.</summary>
    private const long Least = TimeSpan.TicksPerSecond;

    private readonly List<Jump> _jumps = [];
    private long _timestamp = time.GetTimestamp();
    private long _utc = time.GetUtcNow().UtcTicks;

    /// <summary>Looks whether the clock was set forward since the last look.</summary>
    /// <param name="maxAge">Jumps of longer ago are forgotten: nothing is left of before them.</param>
    /// <returns>The wall clock, in ticks.</returns>
    public long Look(TimeSpan maxAge)
    {
        var (timestamp, utc) = (time.GetTimestamp(), time.GetUtcNow().UtcTicks);
        var expected = _utc + time.GetElapsedTime(_timestamp, timestamp).Ticks;
        if (utc - expected > Least)
        {
            _jumps.Add(new Jump(timestamp, expected, utc - expected));
        }

        (_timestamp, _utc) = (timestamp, utc);
        _jumps.RemoveAll(j => time.GetElapsedTime(j.Timestamp, timestamp) > maxAge);
        return utc;
    }

    /// <summary>By how much the clock was set forward since a time that it has shown.</summary>
    /// <param name="utc">The time, in ticks.</param>
    /// <returns>In ticks.</returns>
    public long Since(long utc)
    {
        var sum = 0L;
        foreach (var jump in _jumps)
        {
            sum += utc <= jump.From ? jump.By : 0;
        }

        return sum;
    }

    /// <param name="Timestamp">When it was seen, by the monotonic clock.</param>
    /// <param name="From">What the clock would have shown then, in ticks.</param>
    /// <param name="By">Ticks.</param>
    private readonly record struct Jump(long Timestamp, long From, long By);
}
