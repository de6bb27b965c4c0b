namespace ClientFailover.Engine;

/// <summary>Why something happened in a group. The numbers are those of the gRPC contract.</summary>
public enum Reason
{
    /// <summary>Not known.</summary>
    Unspecified = 0,

    /// <summary>The group had no Primary on record, and this was its first live session.</summary>
    OnlyClientInGroup = 1,

    /// <summary>The Primary's deadline passed.</summary>
    PrimaryTimedOut = 2,

    /// <summary>The Primary's stream broke and its connection-loss grace ended.</summary>
    PrimaryConnectionLost = 3,

    /// <summary>The Primary's session was removed.</summary>
    PrimaryUnregistered = 4,

    /// <summary>The Primary restarted and lost its memory, while another session could take over.</summary>
    PrimaryRestarted = 5,

    /// <summary>Another live session reported a strictly greater failover score.</summary>
    HigherFailoverScore = 6,

    /// <summary>An administrator ordered it.</summary>
    RoleOverride = 7,

    /// <summary>An order was withdrawn or expired.</summary>
    RoleOverrideEnded = 8,

    /// <summary>A handover was called off because its candidate was lost.</summary>
    HandoverCancelled = 9,

    /// <summary>The group was created.</summary>
    GroupCreated = 10,

    /// <summary>The group was deleted.</summary>
    GroupDeleted = 11,

    /// <summary>The session was registered.</summary>
    SessionRegistered = 12,

    /// <summary>The session was removed.</summary>
    SessionUnregistered = 13,

    /// <summary>The session's deadline passed.</summary>
    SessionTimedOut = 14,

    /// <summary>The session's stream broke and its connection-loss grace ended.</summary>
    SessionConnectionLost = 15,

    /// <summary>The session was heard from again after it was lost.</summary>
    SessionReturned = 16,

    /// <summary>The session was removed because nobody had heard from it for long.</summary>
    SessionStale = 17,
}
