using ClientFailover.Engine;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Groups;

/// <summary>
/// The one place that changes a group: it applies commands one at a time, records what they came to, and announces
/// roles when they are recorded. Safe for use by many threads.
/// </summary>
internal interface IGroupOwner
{
    /// <summary>The group's key.</summary>
    GroupKey Key { get; }

    /// <summary>Its configuration; null: the group does not exist (any more).</summary>
    GroupConfiguration? Configuration { get; }

    /// <summary>Changes configuration, membership or orders. Answers after the change is durable.</summary>
    /// <param name="request">The change.</param>
    /// <param name="cancellation">Ends the waiting, not the change.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was changed.</exception>
    Task<ChangeResult> ChangeAsync(ChangeRequest request, CancellationToken cancellation);

    /// <summary>Takes a heartbeat that came by a unary call.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="report">What it says.</param>
    /// <param name="cancellation">Ends the waiting.</param>
    /// <returns>The role to answer; only an answer that announces a new Primary waits for the disk, 1 s at most.</returns>
    ValueTask<HeartbeatResult> HeartbeatAsync(string sessionId, HeartbeatReport report, CancellationToken cancellation);

    /// <summary>Makes sure that a session is registered; that it was already says nothing about the adapter.</summary>
    /// <param name="request">The session.</param>
    /// <param name="cancellation">Ends the waiting, not the change.</param>
    /// <returns>What became of it.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was changed.</exception>
    Task<ChangeResult> EnsureSessionAsync(RegisterSession request, CancellationToken cancellation);

    /// <summary>Opens the stream of a session, in place of an earlier one, which is ended.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="link">The stream.</param>
    /// <param name="hello">What the adapter said.</param>
    /// <returns>What to welcome it with.</returns>
    LinkResult OpenLink(string sessionId, IAdapterLink link, LinkHello hello);

    /// <summary>A stream ended.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="link">The stream.</param>
    /// <param name="brokenByPeer">Whether the peer broke it without goodbye.</param>
    /// <returns>Whether it was still the session's stream.</returns>
    bool CloseLink(string sessionId, IAdapterLink link, bool brokenByPeer);

    /// <summary>Takes back what <see cref="CloseLink"/> concluded from a broken stream.</summary>
    /// <param name="sessionId">The session.</param>
    void ForgiveBrokenLink(string sessionId);

    /// <summary>Takes a heartbeat that came over a stream. Never waits: a new Primary is announced by a push.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="link">The stream; one that is not the session's any more says nothing.</param>
    /// <param name="report">What it says.</param>
    /// <returns>The role to answer, as last announced; neither a role nor a refusal: there is nothing to answer.</returns>
    LinkResult HeartbeatOnLink(string sessionId, IAdapterLink link, HeartbeatReport report);

    /// <summary>An adapter acknowledged an assignment.</summary>
    /// <param name="sessionId">The session.</param>
    /// <param name="link">The stream; one that is not the session's any more says nothing.</param>
    /// <param name="term">The term it quotes.</param>
    /// <param name="finalLastDataProcessedTime">Its last LastDataProcessedTime, UTC; null: none.</param>
    void Acknowledge(string sessionId, IAdapterLink link, long term, DateTime? finalLastDataProcessedTime);

    /// <summary>The state of the group as it was last announced.</summary>
    /// <returns>A snapshot; null: the group does not exist.</returns>
    GroupView? Read();

    /// <summary>One session, as it was last announced.</summary>
    /// <param name="sessionId">Its id.</param>
    /// <returns>A snapshot; null: there is no such session.</returns>
    SessionView? ReadSession(string sessionId);

    /// <summary>Who is Primary, as it was last announced; cheaper than <see cref="Read"/>.</summary>
    /// <returns>A snapshot; null: the group does not exist.</returns>
    GroupStatusView? ReadStatus();
}

/// <summary>What became of a change.</summary>
/// <param name="Changed">True: something was changed, and it is durable. False: it was so already, or it was refused.</param>
/// <param name="Refusal">Why it was refused; null: it was not.</param>
/// <param name="Created">True: a group or a session was created by it.</param>
/// <param name="OrderExpires">When the order that was given ends; null: it does not, or none was given.</param>
/// <param name="Limit">The limit of the namespace, or of the group, that stood against it; null: none did.</param>
internal readonly record struct ChangeResult(
    bool Changed, Refusal? Refusal, bool Created = false, DateTime? OrderExpires = null, LimitReached? Limit = null);

/// <summary>What a heartbeat is answered.</summary>
/// <param name="Reply">The role and the group's LastDataProcessedTime; null when refused.</param>
/// <param name="Refusal">Why it was refused; null: it was not.</param>
internal readonly record struct HeartbeatResult(RoleReply? Reply, Refusal? Refusal);

/// <summary>What an adapter says of itself when it opens its stream.</summary>
/// <param name="LastKnownTerm">The last term it was told of; null: it has no memory.</param>
/// <param name="StepDown">Whether it steps down by its own clock when it cannot reach the service.</param>
/// <param name="SourceTimestamps">Whether its LastDataProcessedTime is a timestamp of its sources.</param>
internal readonly record struct LinkHello(long? LastKnownTerm, bool StepDown, bool SourceTimestamps);

/// <summary>What an adapter is answered on its stream.</summary>
/// <param name="Reply">The role; null when refused.</param>
/// <param name="Sequence">The group's newest assignment that the role takes account of.</param>
/// <param name="Refusal">Why it was refused; null: it was not.</param>
internal readonly record struct LinkResult(RoleReply? Reply, long Sequence, Refusal? Refusal);

/// <summary>The state of a group.</summary>
/// <param name="Configuration">Its configuration.</param>
/// <param name="Status">Who is Primary.</param>
/// <param name="Term">The term of the Primary on record; 0: there never was one.</param>
/// <param name="Sessions">Its sessions in the order of their registration.</param>
internal sealed record GroupView(GroupConfiguration Configuration, GroupStatusView Status, long Term, IReadOnlyList<SessionView> Sessions);

/// <summary>Who is Primary in a group.</summary>
/// <param name="Primary">Session id of the Primary on record; null: none.</param>
/// <param name="PendingPrimary">Session id of the session that is about to become Primary; null: none.</param>
/// <param name="LastDataProcessedTime">Time of the last data that a Primary has egressed; null: none.</param>
internal sealed record GroupStatusView(string? Primary, string? PendingPrimary, DateTime? LastDataProcessedTime);

/// <summary>A session.</summary>
/// <param name="Id">Its id, as first written.</param>
/// <param name="Name">A name for people.</param>
/// <param name="Role">Its role.</param>
/// <param name="Heartbeat">What it reported last; null: nothing since it was registered or the service started.</param>
/// <param name="Override">The administrator's order in force.</param>
/// <param name="OverrideExpires">When that ends; null: no end.</param>
/// <param name="AdditionalData">A JSON object kept with it, as text.</param>
internal sealed record SessionView(
    string Id,
    string? Name,
    Role Role,
    HeartbeatReport? Heartbeat,
    RoleOverride Override,
    DateTime? OverrideExpires,
    string? AdditionalData);
