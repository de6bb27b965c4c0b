namespace ClientFailover.Engine;

/// <summary>Rules of election: who may become Primary, and who is best. A total order, so the order of search never matters.</summary>
internal static class Election
{
    /// <summary>Candidates are live, have posted a heartbeat since they were last lost, and are not ordered to be Secondary.</summary>
    public static bool IsCandidate(this Session session, TimeSpan now) =>
        session.ScoreIsFresh && session.Override != RoleOverride.Secondary && session.IsLive(now);

    /// <summary>The best candidate other than a session; null: there is none.</summary>
    public static Session? Best(Transition t, Session? except)
    {
        Session? best = null;
        foreach (var session in t.State.AllSessions)
        {
            if (session != except && session.IsCandidate(t.Now) && (best is null || Beats(t.State, session, best)))
            {
                best = session;
            }
        }

        return best;
    }

    /// <summary>Whether any candidate reports a strictly greater score than a session, or may when it is heard from.</summary>
    public static bool AnyMayBeBetterThan(Transition t, Session session)
    {
        foreach (var other in t.State.AllSessions)
        {
            if (other != session && (other.Presence == Presence.Unheard
                ? other.Override != RoleOverride.Secondary
                : other.FailoverScore > session.FailoverScore && other.IsCandidate(t.Now)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>
    /// Whether a session has been as good as it is since before the Primary was last heard from, without a restart: so
    /// that its buffer holds all that the Primary may not have egressed. Adapters lag by up to half a failover timeout.
    /// </summary>
    public static bool IsUnbroken(this Session session, GroupState state) =>
        session.GoodSince <= state.PrimaryLastBeat - (state.FailoverTimeout / 2);

    /// <summary>The session that an administrator ordered to be Primary, if it may become it now; null: none.</summary>
    public static Session? Ordered(Transition t) => t.State.Ordered is { } session && session.IsCandidate(t.Now) ? session : null;

    private static bool Beats(GroupState state, Session a, Session b)
    {
        if (a.Override != b.Override)
        {
            return a.Override == RoleOverride.Primary;
        }

        if (a.FailoverScore != b.FailoverScore)
        {
            return a.FailoverScore > b.FailoverScore;
        }

        if (a == state.Primary || b == state.Primary)
        {
            return a == state.Primary;
        }

        if (a == state.PendingPrimary || b == state.PendingPrimary)
        {
            return a == state.PendingPrimary;
        }

        if (a.IsUnbroken(state) != b.IsUnbroken(state))
        {
            return a.IsUnbroken(state);
        }

        return a.Order != b.Order ? a.Order < b.Order : string.CompareOrdinal(a.Id, b.Id) < 0;
    }
}
