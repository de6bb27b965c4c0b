using ClientFailover.Engine;

namespace ClientFailover.Service.Storage;

/// <summary>Responsible for saying what history and watchers are told of an event.</summary>
internal static class HistoryMapping
{
    /// <summary>The entries of a run of events. An event without an entry has a revision all the same.</summary>
    /// <param name="events">The events, in their order.</param>
    /// <param name="firstRevision">Revision of the first event.</param>
    /// <param name="term">The group's term after the events.</param>
    /// <returns>The entries, oldest first.</returns>
    public static IEnumerable<HistoryEntry> Map(IReadOnlyList<GroupEvent> events, long firstRevision, long term)
    {
        for (var i = 0; i < events.Count; i++)
        {
            if (Map(events[i], firstRevision + i, term) is { } entry)
            {
                yield return entry;
            }
        }
    }

    /// <summary>The entry of one event.</summary>
    /// <param name="change">The event.</param>
    /// <param name="revision">Its revision.</param>
    /// <param name="term">The group's term; a change of role has its own.</param>
    /// <returns>The entry; null: the event is of no interest to people.</returns>
    public static HistoryEntry? Map(GroupEvent change, long revision, long term)
    {
        return change switch
        {
            GroupCreated => Entry(null, Reason.GroupCreated),
            GroupDeleted => Entry(null, Reason.GroupDeleted),
            SessionRegistered e => Entry(e.SessionId, Reason.SessionRegistered),
            SessionUnregistered e => Entry(e.SessionId, e.Reason),
            SessionLost e => Entry(e.SessionId, e.Reason, e.Silence),
            SessionReturned e => Entry(e.SessionId, Reason.SessionReturned),
            RoleOverrideChanged e => Entry(e.SessionId, e.Value == RoleOverride.Off ? Reason.RoleOverrideEnded : Reason.RoleOverride),
            RoleChanged e => new(revision, e.Term, e.Time, e.SessionId, e.OldRole, e.NewRole, e.Reason, e.Detection, e.Takeover),
            SessionNamed or LastDataProcessedTimeRecorded => null,
            _ => throw new ArgumentException($"Unknown event {change?.GetType().Name}.", nameof(change)),
        };

        HistoryEntry Entry(string? sessionId, Reason reason, TimeSpan? detection = null) =>
            new(revision, term, change.Time, sessionId, null, null, reason, detection, null);
    }
}
