using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>Something about an adapter's set-up that will cost data or a needless failover.</summary>
internal enum AdapterFinding
{
    /// <summary>
    /// It beats more seldom than the group's failover timeout allows for: its own timeout was changed, which registers
    /// nothing anew.
    /// </summary>
    LongInterval,

    /// <summary>Its clock is ahead of the service's.</summary>
    ClockAhead,
}

/// <summary>Responsible for noticing adapters that are set up in a way that will cost data, and for telling of each once.</summary>
internal sealed class AdapterCheck
{
    /// <summary>One lost heartbeat makes one long interval: only this many in a row say something.</summary>
    private const int LongIntervals = 3;

    /// <summary>Clocks that are kept by NTP differ by much less.</summary>
    private static readonly TimeSpan Tolerated = TimeSpan.FromSeconds(2);

    private readonly Dictionary<string, int> _longIntervals = new(StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _clocksAhead = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Judges an accepted heartbeat.</summary>
    /// <param name="session">The session, after the heartbeat.</param>
    /// <param name="failoverTimeout">The group's failover timeout.</param>
    /// <param name="report">What it says.</param>
    /// <param name="utc">The service's wall clock.</param>
    /// <returns>What is odd; null: nothing.</returns>
    public static AdapterFinding? Find(Session session, TimeSpan failoverTimeout, HeartbeatReport report, DateTime utc)
    {
        // REST adapters beat every half failover timeout; a quarter more is no jitter.
        if (!session.OnStream && session.Interval > failoverTimeout * 0.625)
        {
            return AdapterFinding.LongInterval;
        }

        return Ahead(report, utc) > Tolerated ? AdapterFinding.ClockAhead : null;
    }

    /// <summary>How far the adapter's clock is ahead, as far as its heartbeat shows.</summary>
    public static TimeSpan Ahead(HeartbeatReport report, DateTime utc)
    {
        var newest = report.HeartbeatTime > report.LastDataProcessedTime ? report.HeartbeatTime : report.LastDataProcessedTime ?? report.HeartbeatTime;
        return newest is { } time ? time - utc : TimeSpan.Zero;
    }

    /// <summary>Counts a finding.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="finding">The finding.</param>
    /// <returns>Whether people are to be told now.</returns>
    public bool IsNew(string sessionId, AdapterFinding finding) => finding switch
    {
        AdapterFinding.LongInterval => (_longIntervals[sessionId] = _longIntervals.GetValueOrDefault(sessionId) + 1) == LongIntervals,
        _ => _clocksAhead.Add(sessionId),
    };

    /// <summary>A heartbeat came in time: the next long interval is the first again.</summary>
    /// <param name="sessionId">The session.</param>
    public void EndLongInterval(string sessionId) => _longIntervals.Remove(sessionId);

    /// <summary>Forgets a session.</summary>
    /// <param name="sessionId">The session.</param>
    public void Forget(string sessionId)
    {
        _longIntervals.Remove(sessionId);
        _clocksAhead.Remove(sessionId);
    }
}
