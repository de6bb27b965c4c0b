namespace ClientFailover.Engine;

/// <summary>What a heartbeat does: renews the session, moves LastDataProcessedTime, and may elect.</summary>
internal static class HeartbeatRule
{
    private static readonly TimeSpan OneSecond = TimeSpan.FromSeconds(1);

    /// <summary>Takes a heartbeat. One that comes too soon renews the deadline and changes nothing else.</summary>
    public static Refusal? Take(Transition t, Session session, in HeartbeatReport report, bool onStream)
    {
        var wasPrimary = session == t.State.Primary;
        var wait = session == t.State.PendingPrimary ? TimeSpan.Zero : TooSoonBy(t, session, onStream);
        Liveness.Hear(t, session, onStream);
        if (wait > TimeSpan.Zero)
        {
            return new Refusal(RefusalKind.HeartbeatTooSoon, wait);
        }

        if (!session.ScoreIsFresh || report.FailoverScore > session.FailoverScore)
        {
            session.GoodSince = t.Now;
        }

        // An adapter whose registration was lost on the way restarts unseen, but for the time that it no longer knows.
        var lostMemory = wasPrimary && session.LastDataProcessedTime is not null && report.LastDataProcessedTime is null;
        session.Interval = t.Now - (session.LastAccepted ?? t.Now);
        session.LastAccepted = t.Now;
        session.HeartbeatPosted = true;
        session.ScoreIsFresh = true;
        session.FailoverScore = report.FailoverScore;
        session.LastDataProcessedTime = report.LastDataProcessedTime;
        session.HeartbeatTime = report.HeartbeatTime ?? t.Utc;
        if (wasPrimary)
        {
            t.State.PrimaryLastBeat = t.Now;
            t.State.Hold.PrimaryReported(report.FailoverScore);
            LastDataProcessed.Report(t, session, report.LastDataProcessedTime);
            Promotion.Resume(t);
        }

        if (lostMemory)
        {
            Succession.PrimaryRestarted(t, session);
        }

        Succession.Review(t);
        if (wasPrimary)
        {
            LastDataProcessed.Record(t);
        }

        return null;
    }

    /// <summary>
    /// How much later the heartbeat should have come. The limit is a share of the regular interval (adapters in the
    /// field: half the failover timeout; streams: a third), and of one second, because they beat again after one.
    /// </summary>
    private static TimeSpan TooSoonBy(Transition t, Session session, bool onStream)
    {
        if (session.LastAccepted is not { } last)
        {
            return TimeSpan.Zero;
        }

        var interval = new TimeSpan(t.State.FailoverTimeout.Ticks / (onStream ? 3 : 2));
        var limit = (interval < OneSecond ? interval : OneSecond) * t.State.Settings.MinimumHeartbeatInterval;
        return last + limit - t.Now;
    }
}
