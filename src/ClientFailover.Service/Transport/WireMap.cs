using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Transport.Rest.Json;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport;

/// <summary>The one place that makes messages of the contract out of what the service knows.</summary>
internal static partial class WireMap
{
    private const long EpochSeconds = 62_135_596_800;

    /// <summary>A configuration.</summary>
    public static V1.GroupConfiguration ToWire(this Engine.GroupConfiguration group)
    {
        var wire = new V1.GroupConfiguration { Id = group.Id, FailoverTimeout = Duration.FromTimeSpan(group.FailoverTimeout) };
        if (!string.IsNullOrEmpty(group.Name))
        {
            wire.Name = group.Name;
        }

        if (!string.IsNullOrEmpty(group.Description))
        {
            wire.Description = group.Description;
        }

        wire.AdditionalData = ToStruct(group.AdditionalData);
        return wire;
    }

    /// <summary>Who is Primary.</summary>
    public static V1.GroupStatus ToWire(this GroupStatusView status)
    {
        var wire = new V1.GroupStatus { LastDataProcessedTime = ToTimestamp(status.LastDataProcessedTime) };
        if (status.Primary is not null)
        {
            wire.Primary = status.Primary;
        }

        if (status.PendingPrimary is not null)
        {
            wire.PendingPrimary = status.PendingPrimary;
        }

        return wire;
    }

    /// <summary>What was asked for of a session, and nothing of what it is.</summary>
    public static V1.ClientSession ToWire(this Engine.RegisterSession request)
    {
        var wire = new V1.ClientSession { Id = request.SessionId, AdditionalData = ToStruct(request.AdditionalData) };
        if (!string.IsNullOrEmpty(request.Name))
        {
            wire.Name = request.Name;
        }

        return wire;
    }

    /// <summary>A session.</summary>
    public static V1.ClientSession ToWire(this SessionView session)
    {
        var wire = new V1.ClientSession
        {
            Id = session.Id,
            Role = (V1.Role)session.Role,
            HeartbeatPosted = session.Heartbeat is not null,
            RoleOverride = (V1.RoleOverride)session.Override,
            RoleOverrideExpirationTime = ToTimestamp(session.OverrideExpires),
            AdditionalData = ToStruct(session.AdditionalData),
        };
        if (!string.IsNullOrEmpty(session.Name))
        {
            wire.Name = session.Name;
        }

        if (session.Heartbeat is { } heartbeat)
        {
            wire.Heartbeat = new V1.Heartbeat
            {
                FailoverScore = heartbeat.FailoverScore,
                LastDataProcessedTime = ToTimestamp(heartbeat.LastDataProcessedTime),
                HeartbeatTime = ToTimestamp(heartbeat.HeartbeatTime),
            };
        }

        return wire;
    }

    /// <summary>All of a group.</summary>
    public static V1.GroupState ToWire(this GroupView group)
    {
        var wire = new V1.GroupState { Group = group.Configuration.ToWire(), Status = group.Status.ToWire(), Term = group.Term };
        wire.Sessions.AddRange(group.Sessions.Select(s => s.ToWire()));
        return wire;
    }

    /// <summary>An entry of the history.</summary>
    public static V1.Event ToWire(this HistoryEntry entry, string groupId)
    {
        var wire = new V1.Event
        {
            Time = ToTimestamp(entry.Time),
            Revision = entry.Revision,
            Term = entry.Term,
            GroupId = groupId,
            Reason = (V1.Reason)entry.Reason,
            DetectionTime = ToDuration(entry.Detection),
            TakeoverTime = ToDuration(entry.Takeover),
        };
        if (entry.SessionId is not null)
        {
            wire.SessionId = entry.SessionId;
        }

        if (entry.OldRole is { } old)
        {
            wire.OldRole = (V1.Role)old;
        }

        if (entry.NewRole is { } @new)
        {
            wire.NewRole = (V1.Role)@new;
        }

        return wire;
    }

    /// <summary>A message to a watcher.</summary>
    public static V1.WatchEventsResponse ToWire(this WatchUpdate update)
    {
        var wire = new V1.WatchEventsResponse { Revision = update.Revision };
        switch (update.Kind)
        {
            case WatchUpdateKind.State:
                wire.State = update.State!.ToWire();
                break;
            case WatchUpdateKind.SnapshotComplete:
                wire.SnapshotComplete = true;
                break;
            case WatchUpdateKind.Resumed:
                wire.Resumed = true;
                break;
            case WatchUpdateKind.Change:
                wire.Event = update.Change!.ToWire(update.GroupId!);
                break;
            default:
                throw new ArgumentOutOfRangeException(nameof(update), update.Kind, "A kind of update that the contract has no place for.");
        }

        return wire;
    }

    /// <summary>An order to an adapter.</summary>
    public static V1.RoleAssignment ToWire(this Assignment assignment) => new()
    {
        Role = (V1.Role)assignment.Role,
        Term = assignment.Term,
        Reason = (V1.Reason)assignment.Reason,
        LastDataProcessedTime = ToTimestamp(assignment.LastDataProcessedTime),
        DrainDeadline = ToDuration(assignment.DrainTime),
        LastDataProcessedTimeExact = assignment.IsExact,
    };

    /// <summary>A time, taken as UTC; null: none.</summary>
    /// <param name="time">The time.</param>
    /// <param name="used">A message to write it into; null: a new one is made.</param>
    /// <returns>The message.</returns>
    public static Timestamp? ToTimestamp(DateTime? time, Timestamp? used = null)
    {
        if (time is not { Ticks: var ticks })
        {
            return null;
        }

        var message = used ?? new Timestamp();
        message.Seconds = (ticks / TimeSpan.TicksPerSecond) - EpochSeconds;
        message.Nanos = (int)(ticks % TimeSpan.TicksPerSecond) * (int)TimeSpan.NanosecondsPerTick;
        return message;
    }

    private static Duration? ToDuration(TimeSpan? span) => span is { } value ? Duration.FromTimeSpan(value) : null;

    private static Struct? ToStruct(string? json) => json is null ? null : StructJson.FromText(json);
}
