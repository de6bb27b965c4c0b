namespace ClientFailover.Client.Connection.Sessions;

/// <summary>
/// Responsible for when the next heartbeat is due. Times are those since the session began. A stream beats every interval that the
/// welcome told; REST as adapters in the field: at once, after a second, then every half failover timeout.
/// </summary>
/// <param name="kind">What the session is made of.</param>
internal sealed class BeatSchedule(ConnectionState kind)
{
    private const int MostConfirmations = 10;
    private const double LeastShare = 0.8;
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    private TimeSpan _due;
    private TimeSpan? _last;
    private TimeSpan _interval;
    private TimeSpan _leastGap;
    private bool _soon;
    private int _confirmations;

    /// <summary>When the next one is due.</summary>
    public TimeSpan Due
    {
        get
        {
            var soonest = (_last + _leastGap) ?? TimeSpan.Zero;
            return _soon && soonest < _due ? soonest : _due;
        }
    }

    /// <summary>The group's failover timeout was told.</summary>
    /// <param name="failoverTimeout">The group's.</param>
    /// <param name="interval">The regular interval.</param>
    public void Set(TimeSpan failoverTimeout, TimeSpan interval)
    {
        // A service counts on at least two in a failover timeout, whatever it told.
        var regular = failoverTimeout / (kind == ConnectionState.Stream ? 3 : 2);
        _interval = interval < regular ? interval : regular;
        _leastGap = Least(OneSecond, regular) * LeastShare;
    }

    /// <summary>Whether one may be sent that is not due.</summary>
    public bool MayBeat(TimeSpan now) => _last is not { } last || now >= last + _leastGap;

    /// <summary>The adapter is about to be asked for its report: what changes from now on may not be in it.</summary>
    public void Asks() => _soon = false;

    /// <summary>One was sent.</summary>
    public void Sent(TimeSpan now)
    {
        // The second one of REST comes early: a first one that was answered Secondary may have been the first of all.
        _due = now + (_last is null && kind == ConnectionState.Rest ? Least(OneSecond, _interval) : _interval);
        _last = now;
    }

    /// <summary>What the adapter reports has changed.</summary>
    public void Soon() => _soon = true;

    /// <summary>The service refused one as too soon: it does not know what it reported.</summary>
    /// <param name="now">Now.</param>
    /// <param name="retryAfter">When to send the next one, if told. Zero tells nothing: at once is what was refused.</param>
    public void TooSoon(TimeSpan now, TimeSpan? retryAfter) =>
        _due = Least(_due, now + (retryAfter is { } told && told > TimeSpan.Zero ? told : _leastGap));

    /// <summary>A heartbeat was answered.</summary>
    /// <param name="now">Now.</param>
    /// <param name="role">The role: one that is pending over REST is confirmed at once, but not for ever.</param>
    public void Answered(TimeSpan now, FailoverRole role)
    {
        if (kind != ConnectionState.Rest || role != FailoverRole.PendingPrimary)
        {
            _confirmations = 0;
        }
        else if (_confirmations++ < MostConfirmations)
        {
            _due = now;
        }
    }

    private static TimeSpan Least(TimeSpan a, TimeSpan b) => a < b ? a : b;
}
