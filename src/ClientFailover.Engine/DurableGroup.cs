using System.Collections.Immutable;

namespace ClientFailover.Engine;

/// <summary>What a restart of the service keeps of a group: the fold of its recorded events.</summary>
public sealed record DurableGroup
{
    /// <summary>A group that does not exist and never did.</summary>
    public static DurableGroup Absent { get; } = new();

    /// <summary>Its configuration; null: the group does not exist (any more).</summary>
    public GroupConfiguration? Configuration { get; init; }

    /// <summary>Its sessions by id, without regard to case.</summary>
    public ImmutableDictionary<string, DurableSession> Sessions { get; init; } =
        ImmutableDictionary.Create<string, DurableSession>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The Primary on record.</summary>
    public string? Primary { get; init; }

    /// <summary>The session that is about to become Primary.</summary>
    public string? PendingPrimary { get; init; }

    /// <summary>Why it is about to.</summary>
    public Reason PendingReason { get; init; }

    /// <summary>The highest term assigned or reserved so far. Outlives the group.</summary>
    public long Term { get; init; }

    /// <summary>The term of the last assignment of Primary; at most <see cref="Term"/>. Outlives the group.</summary>
    public long PrimaryTerm { get; init; }

    /// <summary>Time of the last data that a Primary has egressed, as last recorded.</summary>
    public DateTime? LastDataProcessedTime { get; init; }

    /// <summary>Folds one event.</summary>
    /// <param name="change">The event.</param>
    /// <returns>The state after it.</returns>
    /// <exception cref="ArgumentException">The event is of a kind that this version does not know.</exception>
    public DurableGroup Apply(GroupEvent change) => change switch
    {
        GroupCreated e => new DurableGroup { Configuration = e.Configuration, Term = Term, PrimaryTerm = PrimaryTerm },
        GroupDeleted => new DurableGroup { Term = Term, PrimaryTerm = PrimaryTerm },
        // Whoever is registered anew has no role, whatever was decided while its removal was on its way to the disk.
        SessionRegistered e => (this with
        {
            Sessions = Sessions.SetItem(e.SessionId, new DurableSession(e.SessionId, e.Name, e.AdditionalData, e.Order)),
            Primary = Is(Primary, e.SessionId) ? null : Primary,
        }).WithoutPending(e.SessionId),
        SessionNamed e => With(e.SessionId, s => s with { Name = e.Name }),
        SessionUnregistered e => (this with
        {
            Sessions = Sessions.Remove(e.SessionId),
            Primary = Is(Primary, e.SessionId) ? null : Primary,
        }).WithoutPending(e.SessionId),
        RoleOverrideChanged e => With(e.SessionId, s => s with { Override = e.Value, OverrideExpires = e.Expires }),
        RoleChanged e => ApplyRole(e),
        LastDataProcessedTimeRecorded e => this with { LastDataProcessedTime = e.Value },
        SessionLost or SessionReturned => this,
        _ => throw new ArgumentException($"Unknown event {change?.GetType().Name}.", nameof(change)),
    };

    private DurableGroup ApplyRole(RoleChanged e)
    {
        var next = this with { Term = Math.Max(Term, e.Term), LastDataProcessedTime = e.LastDataProcessedTime ?? LastDataProcessedTime };
        return e.NewRole switch
        {
            Role.Primary => (next with { Primary = e.SessionId, PrimaryTerm = e.Term }).WithoutPending(e.SessionId),
            Role.PendingPrimary => next with { PendingPrimary = e.SessionId, PendingReason = e.Reason },
            _ => (next with { Primary = Is(Primary, e.SessionId) ? null : Primary }).WithoutPending(e.SessionId),
        };
    }

    private DurableGroup WithoutPending(string sessionId) =>
        Is(PendingPrimary, sessionId) ? this with { PendingPrimary = null, PendingReason = Reason.Unspecified } : this;

    private DurableGroup With(string sessionId, Func<DurableSession, DurableSession> change) =>
        Sessions.TryGetValue(sessionId, out var session)
            ? this with { Sessions = Sessions.SetItem(sessionId, change(session)) }
            : this;

    private static bool Is(string? left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}

/// <summary>What a restart of the service keeps of a session.</summary>
/// <param name="Id">Its id, as first written.</param>
/// <param name="Name">A name for people.</param>
/// <param name="AdditionalData">A JSON object kept with it, as text.</param>
/// <param name="Order">Its place in the order of registration.</param>
/// <param name="Override">The administrator's order in force.</param>
/// <param name="OverrideExpires">When that ends; null: until it is withdrawn.</param>
public sealed record DurableSession(
    string Id,
    string? Name,
    string? AdditionalData,
    long Order,
    RoleOverride Override = RoleOverride.Off,
    DateTime? OverrideExpires = null);
