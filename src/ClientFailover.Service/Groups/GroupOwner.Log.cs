using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>What people read of a group's life.</summary>
internal sealed partial class GroupOwner
{
    private void LogEvents(IReadOnlyList<GroupEvent> events)
    {
        foreach (var change in events)
        {
            switch (change)
            {
                case RoleChanged { NewRole: Role.Primary, Detection: { } silence } e:
                    LogTakeover(_services.Logger, Key, e.SessionId, e.Term, e.Reason, silence.TotalSeconds, (e.Takeover ?? default).TotalSeconds);
                    break;
                case RoleChanged e:
                    LogRole(_services.Logger, Key, e.SessionId, e.OldRole, e.NewRole, e.Term, e.Reason);
                    break;
                case SessionLost e:
                    LogLost(_services.Logger, Key, e.SessionId, e.Reason, e.Silence.TotalSeconds);
                    break;
                case RoleOverrideChanged e:
                    LogOverride(_services.Logger, Key, e.SessionId, e.Value, e.Expires is { } end ? $", until {end:u}" : "");
                    break;
                case LastDataProcessedTimeRecorded:
                    break;
                default:
                    LogEvent(_services.Logger, Key, change.GetType().Name);
                    break;
            }
        }
    }

    [LoggerMessage(1001, LogLevel.Information, "Group {Group}: session {Session} is Primary in term {Term} ({Reason}), after {Silence:0.000} s of silence and {Takeover:0.000} s to take over.")]
    private static partial void LogTakeover(ILogger logger, GroupKey group, string session, long term, Reason reason, double silence, double takeover);

    [LoggerMessage(1002, LogLevel.Information, "Group {Group}: session {Session} goes from {OldRole} to {NewRole} in term {Term} ({Reason}).")]
    private static partial void LogRole(ILogger logger, GroupKey group, string session, Role oldRole, Role newRole, long term, Reason reason);

    [LoggerMessage(1003, LogLevel.Information, "Group {Group}: session {Session} is lost ({Reason}), after {Silence:0.000} s of silence.")]
    private static partial void LogLost(ILogger logger, GroupKey group, string session, Reason reason, double silence);

    [LoggerMessage(1004, LogLevel.Information, "Group {Group}: role override of session {Session} is {Override}{Until}.")]
    private static partial void LogOverride(ILogger logger, GroupKey group, string session, RoleOverride @override, string until);

    [LoggerMessage(1005, LogLevel.Debug, "Group {Group}: {Event}.")]
    private static partial void LogEvent(ILogger logger, GroupKey group, string @event);

    [LoggerMessage(1006, LogLevel.Warning, "Group {Group}: session {Session} sends a heartbeat every {Interval:0.0} s, but the group's failover timeout is {FailoverTimeout:0.0} s, so one is due every {Due:0.0} s. Set the adapter's failover timeout to the group's, or delete the group so that it is created anew.")]
    private static partial void LogLongInterval(ILogger logger, GroupKey group, string session, double interval, double failoverTimeout, double due);

    [LoggerMessage(1007, LogLevel.Warning, "Group {Group}: the clock of session {Session} is {Ahead:0.0} s ahead of this machine's. Its LastDataProcessedTime is cut down to this machine's time. Synchronise both clocks.")]
    private static partial void LogClockAhead(ILogger logger, GroupKey group, string session, double ahead);
}
