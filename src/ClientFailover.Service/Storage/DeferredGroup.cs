using ClientFailover.Engine;
using ClientFailover.Service.Groups;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for what a group's deferred events come to: as few events as have the same effect on any state before
/// them, so that an outage of days takes no more memory than one of minutes.
/// </summary>
/// <remarks>
/// Changes of groups and of their membership are refused, never deferred. Without them it is enough to keep the last
/// LastDataProcessedTime, a session's last order, its last promotion, its last demotion, and the group's last
/// PendingPrimary: Primary is whoever was last promoted unless demoted after that, or whoever was Primary before unless
/// demoted at any time; likewise PendingPrimary.
/// </remarks>
internal sealed class DeferredGroup
{
    // Two short of the block: a called-off handover may have spent terms that no event before it has told of.
    private const long UsableTerms = GroupWriter.TermBlock - 2;

    private readonly Dictionary<(string Kind, string? Session), (long Revision, GroupEvent Event)> _events = [];
    private long _term;
    private long _reserveEnd = long.MaxValue;

    /// <summary>Whether the group's reserve of terms, as far as it is known to reach, is not used up.</summary>
    public bool HasTerms => _term < _reserveEnd;

    /// <summary>How many events are kept.</summary>
    public int Count => _events.Count;

    /// <summary>Adds an event.</summary>
    /// <param name="change">The event.</param>
    /// <param name="revision">Its revision.</param>
    /// <exception cref="ArgumentException">The event changes the group or its membership.</exception>
    public void Add(GroupEvent change, long revision)
    {
        switch (change)
        {
            case SessionLost or SessionReturned:
                break;
            case LastDataProcessedTimeRecorded:
                Keep("time", null);
                break;
            case RoleOverrideChanged e:
                Keep("override", e.SessionId);
                break;
            case RoleChanged e:
                AddRole(e);
                break;
            default:
                throw new ArgumentException($"{change.GetType().Name} must be durable or refused.", nameof(change));
        }

        void Keep(string kind, string? session) => _events[(kind, session?.ToUpperInvariant())] = (revision, change);

        void AddRole(RoleChanged e)
        {
            if (_term == 0)
            {
                _reserveEnd = e.Term - 1 + UsableTerms;
            }

            _term = Math.Max(_term, e.Term);
            Keep(e.NewRole.ToString(), e.NewRole == Role.PendingPrimary ? null : e.SessionId);
            if (e.LastDataProcessedTime is { } time)
            {
                _events[("time", null)] = (revision, new LastDataProcessedTimeRecorded(e.Time, time));
            }
        }
    }

    /// <summary>Writes the events.</summary>
    /// <param name="key">The group.</param>
    /// <param name="writer">The writer, inside its transaction.</param>
    public void Write(GroupKey key, GroupWriter writer)
    {
        // Of two with one revision the time is the second: it repeats what the change of role has told.
        foreach (var (_, change) in _events.Values.OrderBy(e => e.Revision).ThenBy(e => e.Event is LastDataProcessedTimeRecorded))
        {
            writer.Apply(key, change);
        }

        writer.RaiseTerm(key, _term);
    }
}
