namespace ClientFailover.Engine;

/// <summary>
/// Rules of the hold: when a handover by score may start. Adapters that wait cold report 0 while they start, so
/// without a hold a pair would hand over to and fro.
/// </summary>
internal static class HoldRule
{
    /// <summary>How long a hold lasts, before it is multiplied.</summary>
    public static TimeSpan Length(GroupState state) => state.Settings.MinimumHoldTime ?? state.FailoverTimeout;

    /// <summary>
    /// Whether the hold allows a handover by score away from a Primary: after the hold, judged on a report that came
    /// after it; or at once when the Primary was good in this term and fell to 0, but not twice in a row.
    /// </summary>
    /// <param name="state">The group.</param>
    /// <param name="primary">Its Primary.</param>
    /// <param name="skips">Whether the hold is skipped.</param>
    public static bool Allows(GroupState state, Session primary, out bool skips)
    {
        skips = false;
        if (!primary.ScoreIsFresh)
        {
            return false;
        }

        if (primary.LastAccepted >= state.Hold.Ends)
        {
            return true;
        }

        skips = primary.FailoverScore == 0 && state.Hold is { PrimaryReportedPositive: true, LastWasSkipped: false };
        return skips;
    }
}
