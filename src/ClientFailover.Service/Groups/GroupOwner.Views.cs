using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>The state of the group, as announced.</summary>
internal sealed partial class GroupOwner
{
    /// <inheritdoc/>
    public GroupView? Read()
    {
        lock (_gate)
        {
            return _state.Configuration is { } configuration
                ? new GroupView(configuration, Status(), _announcements.Term, [.. _state.Sessions.OrderBy(s => s.Order).Select(View)])
                : null;
        }
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
