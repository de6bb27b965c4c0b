using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <content>What is counted of the group.</content>
internal sealed partial class GroupOwner
{
    private const int Roles = 3;

    /// <summary>Counts its sessions.</summary>
    /// <returns>The counts; null: the group does not exist.</returns>
    public GroupCounts? Count()
    {
        lock (_gate)
        {
            return _state.Configuration is null ? null : CountSessions();
        }
    }

    private GroupCounts CountSessions()
    {
        var counts = new GroupCounts { Term = _announcements.Term, Promotions = _announcements.Promotions };
        var standsBy = false;
        foreach (var session in _state.Sessions)
        {
            counts.Sessions[((int)session.Presence * Roles) + (int)_announcements.RoleOf(session)]++;
            counts.Overrides[(int)session.Override]++;
            if (session.Presence == Presence.Live)
            {
                counts.Live++;
                standsBy |= session != _state.Primary && session.HeartbeatPosted && session.Override != RoleOverride.Secondary;
            }
        }

        // After its own restart the service presumes that the Primary is there until its deadline.
        counts.HasPrimary = _state.Primary is { Presence: not Presence.Lost };
        counts.Condition = counts switch
        {
            _ when _state.Sessions.Count == 0 => GroupCondition.Empty,
            { Live: 0, HasPrimary: false } => GroupCondition.Silent,
            _ when _state.PendingPrimary is not null => GroupCondition.Handover,
            { HasPrimary: false } => GroupCondition.NoPrimary,
            _ => standsBy ? GroupCondition.Protected : GroupCondition.Unprotected,
        };
        return counts;
    }
}
