namespace ClientFailover.Service.Limits;

/// <summary>
/// Responsible for how much of something one caller may have: a bucket that refills at a steady rate, kept as the one time at which it
/// will be full again (the generic cell rate algorithm, ITU-T I.371), so that many threads share it without a lock.
/// </summary>
internal sealed class Rate
{
    private readonly TimeProvider _time;
    private readonly double _ticksEach;
    private readonly long _tolerance;
    private long _fullAt;

    /// <summary>Creates a full bucket.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="perSecond">How much is refilled a second; more than zero.</param>
    /// <param name="burst">How much a full bucket holds; at least what is taken at once.</param>
    public Rate(TimeProvider time, double perSecond, double burst)
    {
        _time = time;
        _ticksEach = time.TimestampFrequency / perSecond;
        _tolerance = (long)(burst * _ticksEach);
        _fullAt = time.GetTimestamp();
    }

    /// <summary>Whether it is full: then it says no more than a new one.</summary>
    public bool IsFull => Volatile.Read(ref _fullAt) <= _time.GetTimestamp();

    /// <summary>How long until it is no longer overdrawn; zero: it is not.</summary>
    public TimeSpan Overdrawn
    {
        get
        {
            var now = _time.GetTimestamp();
            return Volatile.Read(ref _fullAt) - now - _tolerance is > 0 and var over ? _time.GetElapsedTime(now, now + over) : TimeSpan.Zero;
        }
    }

    /// <summary>Takes what was used already, and overdraws it if need be.</summary>
    /// <param name="amount">How much.</param>
    /// <param name="longest">After how long there is one again at the latest, if nobody takes more.</param>
    public void Charge(long amount, TimeSpan? longest = null)
    {
        var now = _time.GetTimestamp();
        var cost = (long)(amount * _ticksEach);
        var latest = longest is { } wait ? now + _tolerance + (long)(wait.TotalSeconds * _time.TimestampFrequency) - (long)_ticksEach : long.MaxValue;
        var seen = Volatile.Read(ref _fullAt);
        while (true)
        {
            var next = Math.Max(seen, Math.Min(Math.Max(seen, now) + cost, latest));
            var before = Interlocked.CompareExchange(ref _fullAt, next, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    /// <summary>Puts back what was taken.</summary>
    /// <param name="amount">How much of it.</param>
    public void Return(long amount = 1) => Interlocked.Add(ref _fullAt, -(long)(amount * _ticksEach));

    /// <summary>Takes one, if there is one.</summary>
    /// <param name="wait">When there is none: how long until there is.</param>
    /// <returns>Whether it was taken.</returns>
    public bool TryTake(out TimeSpan wait)
    {
        var now = _time.GetTimestamp();
        var seen = Volatile.Read(ref _fullAt);
        while (true)
        {
            var next = Math.Max(seen, now) + (long)_ticksEach;
            if (next - now - _tolerance is > 0 and var over)
            {
                wait = _time.GetElapsedTime(now, now + over);
                return false;
            }

            var before = Interlocked.CompareExchange(ref _fullAt, next, seen);
            if (before == seen)
            {
                wait = TimeSpan.Zero;
                return true;
            }

            seen = before;
        }
    }
}
