using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>The state of the group, as announced.</summary>
internal sealed partial class GroupOwner
{
    /// <inheritdoc/>
    public GroupView? Read()
    {
        GroupConfiguration configuration;
        GroupStatusView status;
        long term;
        List<(long Order, SessionView View)> sessions;
        lock (_gate)
        {
            if (_state.Configuration is null)
            {
                return null;
            }

            (configuration, status, term) = (_state.Configuration, Status(), _announcements.Term);
            sessions = new List<(long Order, SessionView View)>(_state.Sessions.Count);
            sessions.AddRange(_state.Sessions.Select(s => (s.Order, View(s))));
        }

        // Sorted outside the lock: a large group must not keep its own deadlines waiting for a reader.
        sessions.Sort((a, b) => a.Order.CompareTo(b.Order));
        return new GroupView(configuration, status, term, [.. sessions.Select(s => s.View)]);
    }

    /// <inheritdoc/>
    public SessionView? ReadSession(string sessionId)
    {
        lock (_gate)
        {
            return _state.Find(sessionId) is { } session ? View(session) : null;
        }
    }

    /// <inheritdoc/>
    public GroupStatusView? ReadStatus()
    {
        lock (_gate)
        {
            return _state.Configuration is null ? null : Status();
        }
    }

    /// <summary>How many of its sessions are heard from.</summary>
    /// <returns>The number; null: the group does not exist.</returns>
    public int? CountLive()
    {
        lock (_gate)
        {
            return _state.Configuration is null ? null : _state.Sessions.Count(s => s.Presence == Presence.Live);
        }
    }

    /// <summary>Whom nobody hears from, and whom somebody does.</summary>
    /// <returns>Every session; empty: the group does not exist.</returns>
    public IReadOnlyList<SessionSilence> ReadSilences()
    {
        var now = _services.Clock.Monotonic;
        lock (_gate)
        {
            return [.. _state.Sessions.Select(s => new SessionSilence(s.Id, s.LastHeard, now - s.LastHeard, s.Presence == Presence.Lost))];
        }
    }

    private GroupStatusView Status()
    {
        var pending = _state.PendingPrimary ?? (_state.Primary == _announcements.Primary ? null : _state.Primary);
        return new GroupStatusView(_announcements.Primary?.Id, pending?.Id, _state.LastDataProcessedTime);
    }

    private SessionView View(Session session) => new(
        session.Id,
        session.Name,
        _announcements.RoleOf(session),
        session.HeartbeatPosted ? new HeartbeatReport(session.FailoverScore, session.LastDataProcessedTime, session.HeartbeatTime) : null,
        session.Override,
        session.OverrideExpires,
        session.AdditionalData);
}
