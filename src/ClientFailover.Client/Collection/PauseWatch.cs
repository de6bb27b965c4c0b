namespace ClientFailover.Client.Collection;

/// <summary>
/// Responsible for noticing that this process did not run for a while: it was stopped, its machine was suspended, moved or overloaded.
/// A timer ticks; whoever comes between a pause and the first tick after it finds it too.
/// </summary>
internal sealed class PauseWatch(Instant start)
{
    /// <summary>How often it is to be ticked.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);
    private Instant _last = start;
    private long _lead = Lead(start);

    /// <summary>Looks for a pause since the last tick. Each is found once.</summary>
    /// <param name="now">The present.</param>
    /// <param name="from">When the process was last known to run.</param>
    /// <returns>Whether there was one.</returns>
    public bool Finds(Instant now, out Instant from)
    {
        from = _last;
        var passed = now.Monotonic - _last.Monotonic;

        // The monotonic clock stands still while the machine is suspended, the wall clock does not.
        var isPause = passed > Longest || now.Utc - _last.Utc - passed > Longest;
        if (isPause)
        {
            _last = now;
        }

        return isPause;
    }

    /// <summary>Looks whether the wall clock was set back by more than a second, at once or little by little. Each time is found once.</summary>
    /// <param name="now">The present.</param>
    /// <param name="by">By how much.</param>
    /// <returns>Whether it was.</returns>
    public bool FallsBack(Instant now, out TimeSpan by)
    {
        var lead = Lead(now);
        by = TimeSpan.FromTicks(_lead - lead);
        var isBack = by > Longest;
        if (isBack || by < TimeSpan.Zero)
        {
            _lead = lead;
        }

        return isBack;
    }

    /// <summary>The process runs.</summary>
    public void Tick(Instant now) => _last = now;

    /// <summary>By how many ticks the wall clock is ahead of the monotonic one.</summary>
    private static long Lead(Instant now) => now.Utc.UtcTicks - now.Monotonic.Ticks;
}
