namespace ClientFailover.Engine;

/// <summary>
/// Rules of LastDataProcessedTime: it tells hot Secondaries what they may drop from their buffers, so it moves only
/// when nobody else may hold data that the Primary missed.
/// </summary>
internal static class LastDataProcessed
{
    /// <summary>Takes what a session reports that was Primary before it reported, capped at the service's own wall clock.</summary>
    public static void Report(Transition t, Session primary, DateTime? reported)
    {
        var value = reported > t.Utc ? t.Utc : reported;
        if (value > (t.State.LastDataProcessedTime ?? DateTime.MinValue) && !IsFrozen(t, primary))
        {
            t.State.LastDataProcessedTime = value;
        }
    }

    /// <summary>Records it, when it has moved and it is time.</summary>
    public static void Record(Transition t)
    {
        var state = t.State;
        if (state.LastDataProcessedTime > (state.RecordedLastDataProcessedTime ?? DateTime.MinValue)
            && t.Now - state.LastDataProcessedTimeRecordedAt >= state.Settings.LastDataProcessedTimeInterval)
        {
            t.Emit(new LastDataProcessedTimeRecorded(t.Utc, state.LastDataProcessedTime.Value));
            state.LastDataProcessedTimeRecordedAt = t.Now;
        }
    }

    /// <summary>
    /// While the Primary is worse than another, or is about to be replaced for what it lost, the others' buffers
    /// hold data that it did not collect. So they may while another has not been heard from since the service's own
    /// absence, in which the Primary may have lost a source. An order in force for the Primary or for its successor
    /// settles the matter: they would hold that data for ever.
    /// </summary>
    private static bool IsFrozen(Transition t, Session primary)
    {
        if (primary.Override == RoleOverride.Primary || t.State.PendingPrimary?.Override == RoleOverride.Primary)
        {
            return false;
        }

        return t.State.Handover is { Planned: false } or { Reason: Reason.HigherFailoverScore } || Election.AnyMayBeBetterThan(t, primary);
    }
}
