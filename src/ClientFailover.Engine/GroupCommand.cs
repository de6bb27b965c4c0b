namespace ClientFailover.Engine;

/// <summary>Something that happens to a group, at a time. The decider answers it at once; no I/O lies between.</summary>
/// <param name="Now">When.</param>
public abstract record GroupCommand(Now Now);

/// <summary>Configuration changes that <see cref="ChangePlanner"/> planned and the store has committed.</summary>
/// <param name="Now">When.</param>
/// <param name="Events">The planned events, in their order.</param>
public sealed record ApplyChanges(Now Now, IReadOnlyList<GroupEvent> Events) : GroupCommand(Now);

/// <summary>A session registered again over REST: it restarted.</summary>
/// <param name="Now">When.</param>
/// <param name="SessionId">The session.</param>
public sealed record RegisterAgain(Now Now, string SessionId) : GroupCommand(Now);

/// <summary>A heartbeat.</summary>
/// <param name="Now">When it was received.</param>
/// <param name="SessionId">The session.</param>
/// <param name="FailoverScore">0 to 100, finite.</param>
/// <param name="LastDataProcessedTime">Time of the last data it has egressed; null: none.</param>
/// <param name="HeartbeatTime">The adapter's own time; shown, never used.</param>
/// <param name="OnStream">Whether it came over the adapter stream.</param>
public sealed record PostHeartbeat(
    Now Now,
    string SessionId,
    float FailoverScore,
    DateTime? LastDataProcessedTime,
    DateTime? HeartbeatTime,
    bool OnStream) : GroupCommand(Now);

/// <summary>A session opened its adapter stream. Replaces an earlier stream of the session.</summary>
/// <param name="Now">When.</param>
/// <param name="SessionId">The session.</param>
/// <param name="StreamId">Number of the stream, unique in this process.</param>
/// <param name="LastKnownTerm">The last term the adapter was told of; null: it has no memory.</param>
/// <param name="StepDown">Whether it steps down by its own clock when it cannot reach the service.</param>
/// <param name="SourceTimestamps">Whether its LastDataProcessedTime is a timestamp of its sources.</param>
public sealed record StreamHello(
    Now Now,
    string SessionId,
    long StreamId,
    long? LastKnownTerm,
    bool StepDown,
    bool SourceTimestamps) : GroupCommand(Now);

/// <summary>A stream ended. Ignored when it is not the session's current one.</summary>
/// <param name="Now">When.</param>
/// <param name="SessionId">The session.</param>
/// <param name="StreamId">Number of the stream.</param>
/// <param name="BrokenByPeer">True: without goodbye and not by the service, so the connection-loss hint applies.</param>
public sealed record StreamEnded(Now Now, string SessionId, long StreamId, bool BrokenByPeer) : GroupCommand(Now);

/// <summary>Many streams broke together: it was the network's fault, so the hint for this session is taken back.</summary>
/// <param name="Now">When.</param>
/// <param name="SessionId">The session.</param>
public sealed record WithdrawConnectionLossHint(Now Now, string SessionId) : GroupCommand(Now);

/// <summary>
/// A session on a stream acknowledges an assignment: a candidate that it is there, a Primary that it has drained.
/// </summary>
/// <param name="Now">When.</param>
/// <param name="SessionId">The session.</param>
/// <param name="Term">The term that the assignment or the order quoted; another one is ignored.</param>
/// <param name="FinalLastDataProcessedTime">Of a Primary: time of the last data it has egressed; null: none.</param>
public sealed record AcknowledgeAssignment(Now Now, string SessionId, long Term, DateTime? FinalLastDataProcessedTime) : GroupCommand(Now);

/// <summary>A deadline of the group may have passed. The only command that lets time run out for somebody.</summary>
/// <param name="Now">When.</param>
public sealed record Tick(Now Now) : GroupCommand(Now);

/// <summary>The service itself was absent for a while, so that nobody could be heard.</summary>
/// <param name="Now">When it came back.</param>
/// <param name="Gap">How long it was absent; null: not known, or a clock jumped.</param>
public sealed record ServiceWasAbsent(Now Now, TimeSpan? Gap) : GroupCommand(Now);
