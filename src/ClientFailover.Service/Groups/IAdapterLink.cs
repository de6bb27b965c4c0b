using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>The open stream of a session, as its group sees it. No member blocks or throws.</summary>
internal interface IAdapterLink
{
    /// <summary>Number of the stream, unique in this process.</summary>
    long Id { get; }

    /// <summary>
    /// The session whose stream this is; null: it is nobody's yet, or not any more. Set and read by the group's owner alone,
    /// under its lock: it saves every heartbeat a search.
    /// </summary>
    Session? Session { get; set; }

    /// <summary>Pushes an assignment, unless a newer one was pushed already.</summary>
    /// <param name="assignment">The assignment.</param>
    void Assign(Assignment assignment);

    /// <summary>Ends the stream.</summary>
    /// <param name="reason">Why.</param>
    void End(LinkEnd reason);
}

/// <summary>A role for a session, or the order to hand it over.</summary>
/// <param name="Sequence">Its place among all assignments of the group.</param>
/// <param name="Role">The role.</param>
/// <param name="Term">The term.</param>
/// <param name="Reason">Why.</param>
/// <param name="LastDataProcessedTime">The group's; null: none.</param>
/// <param name="DrainTime">With an order to drain: how long it may take.</param>
/// <param name="IsExact">Whether LastDataProcessedTime is exactly what the old Primary has egressed, by the sources' timestamps.</param>
internal sealed record Assignment(
    long Sequence,
    Role Role,
    long Term,
    Reason Reason,
    DateTime? LastDataProcessedTime,
    TimeSpan? DrainTime = null,
    bool IsExact = false);

/// <summary>Why the service ends a stream.</summary>
internal enum LinkEnd
{
    /// <summary>Another stream of the same session took its place.</summary>
    Replaced,

    /// <summary>The session, or its group, was deleted.</summary>
    SessionDeleted,

    /// <summary>An access control list does not give its caller the rights that a stream needs (any more).</summary>
    AccessDenied,

    /// <summary>What its caller said who it is by has expired or was withdrawn.</summary>
    CredentialEnded,
}
