using System.Globalization;
using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>What people read of a group's life. A session's name is not in it: it may have lines of its own.</summary>
internal sealed partial class GroupOwner
{
    private void LogEvents(IReadOnlyList<GroupEvent> events)
    {
        if (!_services.Logger.IsEnabled(LogLevel.Information))
        {
            return;
        }

        foreach (var change in events)
        {
            switch (change)
            {
                case RoleChanged e:
                    LogRole(e, events);
                    break;
                case SessionLost e:
                    LogLost(_services.Logger, Key, e.SessionId, e.Reason, e.Silence.TotalSeconds);
                    break;
                case SessionReturned e:
                    LogReturned(_services.Logger, Key, e.SessionId);
                    break;
                case RoleOverrideChanged e:
                    LogOverride(_services.Logger, Key, e.SessionId, e.Value, e.Expires is { } end ? $", until {end:u}" : "");
                    break;
                case GroupCreated e:
                    LogCreated(_services.Logger, Key, e.Configuration.FailoverTimeout);
                    break;
                case GroupDeleted:
                    LogDeleted(_services.Logger, Key);
                    break;
                case SessionRegistered e:
                    LogRegistered(_services.Logger, Key, e.SessionId);
                    break;
                case SessionUnregistered { Reason: Reason.SessionStale }:
                    // Whoever removes it tells for how long nobody has heard from it.
                    break;
                case SessionUnregistered e:
                    LogUnregistered(_services.Logger, Key, e.SessionId);
                    break;
                case SessionNamed e:
                    LogNamed(_services.Logger, Key, e.SessionId);
                    break;
                default:
                    // That LastDataProcessedTime was recorded tells people nothing.
                    break;
            }
        }
    }

    /// <summary>A takeover is told in one line, with both sides.</summary>
    private void LogRole(RoleChanged e, IReadOnlyList<GroupEvent> events)
    {
        if (e is { NewRole: Role.Primary, OldRole: not Role.Primary })
        {
            var former = events.OfType<RoleChanged>().FirstOrDefault(o => IsFormer(o, e));
            var from = former is null ? "nobody" : Describe(former);
            LogTakeover(
                _services.Logger,
                Key,
                from,
                Describe(e),
                e.Term,
                e.Reason,
                After(e.Detection),
                (e.Takeover ?? default).TotalSeconds,
                former?.SessionId,
                former?.Score,
                e.SessionId,
                e.Score,
                e.Detection?.TotalSeconds);
        }
        else if (!events.OfType<RoleChanged>().Any(o => IsFormer(e, o)))
        {
            LogRole(
                _services.Logger, Key, Describe(e), e.OldRole, e.NewRole, e.Term, e.Reason, After(e.Detection), e.SessionId, e.Score, e.Detection?.TotalSeconds);
        }
    }

    private static bool IsFormer(RoleChanged former, RoleChanged successor) =>
        former is { OldRole: Role.Primary, NewRole: Role.Secondary }
        && successor is { OldRole: not Role.Primary, NewRole: Role.Primary }
        && former.Term == successor.Term;

    private static string Describe(RoleChanged e) =>
        string.Create(CultureInfo.InvariantCulture, $"{e.SessionId} (score {(object?)e.Score ?? "not reported"})");

    private static string After(TimeSpan? silence) =>
        silence is { } time ? string.Create(CultureInfo.InvariantCulture, $", after {time.TotalSeconds:0.000} s of silence") : "";

#pragma warning disable SYSLIB1015 // What the text does not name by itself is there for programs, which read lines of JSON.
    [LoggerMessage(1001, LogLevel.Information, "Group {Group}: Primary goes from {From} to {To} in term {Term}: {Reason}{Silence}, {Takeover:0.000} s after the decision.")]
    private static partial void LogTakeover(
        ILogger logger,
        GroupKey group,
        string from,
        string to,
        long term,
        Reason reason,
        string silence,
        double takeover,
        string? fromSession,
        float? fromScore,
        string toSession,
        float? toScore,
        double? silenceSeconds);

    [LoggerMessage(1002, LogLevel.Information, "Group {Group}: session {Session} goes from {OldRole} to {NewRole} in term {Term}: {Reason}{Silence}.")]
    private static partial void LogRole(
        ILogger logger,
        GroupKey group,
        string session,
        Role oldRole,
        Role newRole,
        long term,
        Reason reason,
        string silence,
        string sessionId,
        float? score,
        double? silenceSeconds);
#pragma warning restore SYSLIB1015

    [LoggerMessage(1003, LogLevel.Information, "Group {Group}: session {Session} is lost: {Reason}, after {Silence:0.000} s of silence.")]
    private static partial void LogLost(ILogger logger, GroupKey group, string session, Reason reason, double silence);

    [LoggerMessage(1004, LogLevel.Information, "Group {Group}: role override of session {Session} is {Override}{Until}.")]
    private static partial void LogOverride(ILogger logger, GroupKey group, string session, RoleOverride @override, string until);

    [LoggerMessage(1005, LogLevel.Information, "Group {Group}: session {Session} is heard from again.")]
    private static partial void LogReturned(ILogger logger, GroupKey group, string session);

    [LoggerMessage(1006, LogLevel.Warning, "Group {Group}: session {Session} sends a heartbeat every {Interval:0.0} s, but the group's failover timeout is {FailoverTimeout:0.0} s, so one is due every {Due:0.0} s. Set the adapter's failover timeout to the group's, or delete the group so that it is created anew.")]
    private static partial void LogLongInterval(ILogger logger, GroupKey group, string session, double interval, double failoverTimeout, double due);

    [LoggerMessage(1007, LogLevel.Warning, "Group {Group}: the clock of session {Session} is {Ahead:0.0} s ahead of this machine's. Its LastDataProcessedTime is cut down to this machine's time. Synchronise both clocks.")]
    private static partial void LogClockAhead(ILogger logger, GroupKey group, string session, double ahead);

    [LoggerMessage(1008, LogLevel.Information, "Group {Group} is created, with a failover timeout of {FailoverTimeout}.")]
    private static partial void LogCreated(ILogger logger, GroupKey group, TimeSpan failoverTimeout);

    [LoggerMessage(1009, LogLevel.Information, "Group {Group} is deleted.")]
    private static partial void LogDeleted(ILogger logger, GroupKey group);

    [LoggerMessage(1011, LogLevel.Information, "Group {Group}: session {Session} is registered.")]
    private static partial void LogRegistered(ILogger logger, GroupKey group, string session);

    [LoggerMessage(1012, LogLevel.Information, "Group {Group}: session {Session} is unregistered.")]
    private static partial void LogUnregistered(ILogger logger, GroupKey group, string session);

    [LoggerMessage(1013, LogLevel.Debug, "Group {Group}: session {Session} has a name now.")]
    private static partial void LogNamed(ILogger logger, GroupKey group, string session);
}
