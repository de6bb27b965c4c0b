namespace ClientFailover.Service.Tenants;

/// <summary>
/// Responsible for how many requests a second there may be, and as many at once: a bucket of tokens, kept as the time at which
/// it is full again, so that callers need no lock. The framework's limiters know no clock of a test.
/// </summary>
/// <param name="time">The clock.</param>
/// <param name="perSecond">Requests a second; 1 to 1,000,000.</param>
internal sealed class RequestRate(TimeProvider time, long perSecond)
{
    private readonly long _second = time.TimestampFrequency;
    private readonly long _step = Math.Max(1, time.TimestampFrequency / perSecond);
    private long _full = time.GetTimestamp();

    /// <summary>Takes a request in, or does not.</summary>
    /// <param name="wait">If not: how long until one is taken in.</param>
    /// <returns>Whether it is taken in.</returns>
    public bool TryTake(out TimeSpan wait)
    {
        while (true)
        {
            var now = time.GetTimestamp();
            var full = Volatile.Read(ref _full);
            var next = Math.Max(full, now) + _step;
            if (next - now > _second)
            {
                wait = time.GetElapsedTime(0, next - now - _second);
                return false;
            }

            if (Interlocked.CompareExchange(ref _full, next, full) == full)
            {
                wait = TimeSpan.Zero;
                return true;
            }
        }
    }
}
