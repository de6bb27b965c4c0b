using System.Collections.Immutable;

namespace ClientFailover.Engine;

/// <summary>
/// The state of one group, live and durable: what the decider works on, and changed by nothing else. Not safe for
/// use by several threads: its owner sees to that.
/// </summary>
public sealed partial class GroupState
{
    private readonly Dictionary<string, Session> _sessions = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>A group that does not exist.</summary>
    /// <param name="settings">Settings of the engine.</param>
    /// <param name="term">The highest term of its earlier lives, which the next one exceeds.</param>
    public GroupState(EngineSettings settings, long term = 0)
    {
        ArgumentNullException.ThrowIfNull(settings);
        Settings = settings;
        Term = term;
        PrimaryTerm = term;
    }

    /// <summary>Settings of the engine.</summary>
    public EngineSettings Settings { get; }

    /// <summary>Its configuration; null: the group does not exist.</summary>
    public GroupConfiguration? Configuration { get; private set; }

    /// <summary>The Primary on record; null: none.</summary>
    public Session? Primary { get; private set; }

    /// <summary>The session that is about to become Primary; null: none.</summary>
    public Session? PendingPrimary => Handover?.Candidate;

    /// <summary>The highest term assigned or reserved so far.</summary>
    public long Term { get; internal set; }

    /// <summary>The term of the last assignment of Primary; 0: there never was one.</summary>
    public long PrimaryTerm { get; private set; }

    /// <summary>Time of the last data that a Primary has egressed; null: none.</summary>
    public DateTime? LastDataProcessedTime { get; internal set; }

    /// <summary>Its sessions, in no particular order.</summary>
    public IReadOnlyCollection<Session> Sessions => _sessions.Values;

    /// <summary>
    /// When a <see cref="Tick"/> is due at the latest, on the monotonic clock; null: none is. Heartbeats move
    /// deadlines without touching this, so a tick may find nothing to do; it then says when the next one is due.
    /// </summary>
    public TimeSpan? NextDeadline { get; internal set; }

    /// <summary>
    /// Changes that are planned and on their way to the disk. An order among them keeps the session's old one from
    /// ending meanwhile: that end would be recorded after the order, and a restart would know of none.
    /// </summary>
    public IReadOnlyList<GroupEvent> Planned { get; set; } = [];

    internal Handover? Handover { get; set; }

    /// <summary>Whether the Primary was told to drain for nothing while it was lost, and is to be told so when it returns.</summary>
    internal bool OwesResumption { get; set; }

    /// <summary>The session that an administrator ordered to be Primary; null: none.</summary>
    internal Session? Ordered { get; private set; }

    /// <summary><see cref="Sessions"/>, without an allocation for each search.</summary>
    internal Dictionary<string, Session>.ValueCollection AllSessions => _sessions.Values;

    /// <summary>How many sessions are <see cref="Presence.Live"/>: tells the end of a silence without a search.</summary>
    internal int LiveCount { get; set; }

    /// <summary>When the Primary of that time last beat, on the monotonic clock.</summary>
    internal TimeSpan PrimaryLastBeat { get; set; }

    internal HoldState Hold { get; } = new();

    /// <summary>The value of <see cref="LastDataProcessedTime"/> that was recorded last.</summary>
    internal DateTime? RecordedLastDataProcessedTime { get; private set; }

    /// <summary>When it was recorded, on the monotonic clock.</summary>
    internal TimeSpan LastDataProcessedTimeRecordedAt { get; set; }

    /// <summary>The place of the next session in the order of registration.</summary>
    internal long NextOrder { get; private set; } = 1;

    internal TimeSpan FailoverTimeout => Configuration!.FailoverTimeout;

    internal TimeSpan Tolerance => Settings.ToleranceFor(FailoverTimeout);

    /// <summary>
    /// The state after a restart of the service or a take-over by another node: every session has a full new
    /// deadline, in which the Primary on record is presumed live and nobody else is until heard from.
    /// </summary>
    /// <param name="stored">What was kept.</param>
    /// <param name="settings">Settings of the engine.</param>
    /// <param name="now">Now.</param>
    /// <returns>The state.</returns>
    public static GroupState Restore(DurableGroup stored, EngineSettings settings, Now now)
    {
        ArgumentNullException.ThrowIfNull(stored);
        var state = new GroupState(settings, stored.Term) { PrimaryTerm = stored.PrimaryTerm };
        if (stored.Configuration is null)
        {
            return state;
        }

        state.Configuration = stored.Configuration;
        state.LastDataProcessedTime = state.RecordedLastDataProcessedTime = stored.LastDataProcessedTime;
        foreach (var session in stored.Sessions.Values)
        {
            state.Add(session);
        }

        state.Primary = stored.Primary is null ? null : state.Find(stored.Primary);
        if (stored.PendingPrimary is not null && state.Find(stored.PendingPrimary) is { } candidate)
        {
            var planned = stored.PendingReason is Reason.HigherFailoverScore or Reason.RoleOverride;
            state.Handover = new Handover(candidate, planned, stored.PendingReason, now.Monotonic);
        }

        state.LastDataProcessedTimeRecordedAt = now.Monotonic;
        Liveness.StartAnew(state, now);
        return state;
    }

    /// <summary>A session by its id, without regard to case.</summary>
    /// <param name="id">The id.</param>
    /// <returns>The session; null: there is none.</returns>
    public Session? Find(string id) => _sessions.GetValueOrDefault(id);

    /// <summary>The role of a session.</summary>
    /// <param name="session">A session of this group.</param>
    /// <returns>Its role.</returns>
    public Role RoleOf(Session session) =>
        session == Primary ? Role.Primary : session == PendingPrimary ? Role.PendingPrimary : Role.Secondary;

    /// <summary>What a restart would keep: the same that folding the recorded events gives.</summary>
    /// <returns>A snapshot.</returns>
    public DurableGroup ToDurable() => Configuration is null
        ? new DurableGroup { Term = Term, PrimaryTerm = PrimaryTerm }
        : new DurableGroup
        {
            Configuration = Configuration,
            Sessions = DurableGroup.Absent.Sessions.AddRange(_sessions.Values.Select(s => KeyValuePair.Create(
                s.Id, new DurableSession(s.Id, s.Name, s.AdditionalData, s.Order, s.Override, s.OverrideExpires)))),
            Primary = Primary?.Id,
            PendingPrimary = PendingPrimary?.Id,
            PendingReason = Handover?.Reason ?? Reason.Unspecified,
            Term = Term,
            PrimaryTerm = PrimaryTerm,
            LastDataProcessedTime = RecordedLastDataProcessedTime,
        };

    /// <summary>Whether an order for a session is on its way to the disk.</summary>
    internal bool IsOrderPlanned(Session session)
    {
        foreach (var change in Planned)
        {
            if (change is RoleOverrideChanged order && order.SessionId == session.Id)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Makes sure that a tick comes at a time.</summary>
    internal void Arm(TimeSpan deadline)
    {
        if (NextDeadline is null || deadline < NextDeadline)
        {
            NextDeadline = deadline;
        }
    }
}
