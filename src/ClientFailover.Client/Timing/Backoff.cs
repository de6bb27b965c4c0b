namespace ClientFailover.Client.Timing;

/// <summary>Responsible for growing pauses with a cap and jitter, so that adapters that lost something together do not come back together.</summary>
/// <param name="first">The first pause.</param>
/// <param name="random">From 0 to below 1.</param>
internal sealed class Backoff(TimeSpan first, Func<double> random)
{
    private int _failures;

    /// <summary>The next pause.</summary>
    /// <param name="cap">The longest.</param>
    /// <returns>Between half of what is due and all of it.</returns>
    public TimeSpan Next(TimeSpan cap)
    {
        var due = Math.Min(first.Ticks * Math.Pow(2, Math.Min(_failures++, 32)), Math.Max(cap.Ticks, first.Ticks));
        return TimeSpan.FromTicks((long)(due * (0.5 + (random() / 2))));
    }

    /// <summary>All is well: the next pause is the first one again.</summary>
    public void Reset() => _failures = 0;
}
