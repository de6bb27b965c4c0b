namespace ClientFailover.Engine;

/// <summary>Why the engine refused a command. A refused command changes nothing, unless its kind says otherwise.</summary>
/// <param name="Kind">What was wrong.</param>
/// <param name="RetryAfter">When the same command can succeed; null: not by waiting.</param>
public sealed record Refusal(RefusalKind Kind, TimeSpan? RetryAfter = null);

/// <summary>Kinds of refusal.</summary>
public enum RefusalKind
{
    /// <summary>The group does not exist.</summary>
    GroupNotFound,

    /// <summary>The session does not exist.</summary>
    SessionNotFound,

    /// <summary>The group exists with another configuration.</summary>
    GroupDiffers,

    /// <summary>The session exists under another name.</summary>
    SessionNameDiffers,

    /// <summary>The group has active sessions.</summary>
    GroupActive,

    /// <summary>The heartbeat came sooner than one can be due. It renewed the deadline.</summary>
    HeartbeatTooSoon,
}
