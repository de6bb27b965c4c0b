using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>An assignment on its way to a session's stream.</summary>
/// <param name="SessionId">The session.</param>
/// <param name="Assignment">The assignment.</param>
/// <param name="Decided">When it was decided, on the monotonic clock.</param>
internal readonly record struct Push(string SessionId, Assignment Assignment, TimeSpan Decided);

/// <summary>
/// Responsible for what of a group's roles may be told: steps are announced in their order when they are stored, or
/// when the disk has not answered for a second (terms are reserved there, so the promise of a term holds all the
/// same, and data must flow). Used under the owner's lock.
/// </summary>
internal sealed class Announcements
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(1);

    private readonly GroupState _state;
    private Queue<RoleRecord>? _waiting;
    private string? _primary;
    private long _term;

    /// <summary>As of now, everything is announced.</summary>
    /// <param name="state">The group.</param>
    public Announcements(GroupState state)
    {
        _state = state;
        _primary = state.Primary?.Id;
        _term = state.PrimaryTerm;
    }

    /// <summary>The number of the newest step.</summary>
    public long Sequence { get; private set; }

    /// <summary>The number of the newest step that was announced.</summary>
    public long AnnouncedSequence { get; private set; }

    /// <summary>The session that was announced as Primary; null: none.</summary>
    public Session? Primary => _primary is null ? null : _state.Find(_primary);

    /// <summary>The term that was announced.</summary>
    public long Term => _term;

    /// <summary>How often a Primary was announced that followed an earlier one, since the service started.</summary>
    public long Promotions { get; private set; }

    /// <summary>When the oldest step that waits becomes overdue, on the monotonic clock; null: none waits.</summary>
    public TimeSpan? NextOverdue => _waiting is { Count: > 0 } ? _waiting.Peek().Recorded + LongestWait : null;

    /// <summary>A number for a step.</summary>
    public long NextSequence() => ++Sequence;

    /// <summary>A step was handed to the store.</summary>
    /// <returns>Whether it is the oldest that waits.</returns>
    public bool Await(RoleRecord record)
    {
        (_waiting ??= new Queue<RoleRecord>(1)).Enqueue(record);
        return _waiting.Count == 1;
    }

    /// <summary>The role of a session, as announced.</summary>
    public Role RoleOf(Session session)
    {
        if (session.Id == _primary)
        {
            return Role.Primary;
        }

        // Promoted, but not announced yet: it is about to become Primary.
        return session == _state.PendingPrimary || session == _state.Primary ? Role.PendingPrimary : Role.Secondary;
    }

    /// <summary>The step that makes a session Primary and was not announced yet; null: there is none.</summary>
    public RoleRecord? PromotionOf(Session session) =>
        session == _state.Primary && session.Id != _primary ? _waiting?.LastOrDefault() : null;

    /// <summary>Announces a step and all before it.</summary>
    /// <returns>What to push.</returns>
    public List<Push>? Announce(RoleRecord record)
    {
        List<Push>? pushes = null;
        while (_waiting is { Count: > 0 } && _waiting.Peek().Sequence <= record.Sequence)
        {
            Announce(_waiting.Dequeue(), ref pushes);
        }

        return pushes;
    }

    /// <summary>Announces the steps for which the store has been waited long enough.</summary>
    /// <returns>What to push.</returns>
    public List<Push>? AnnounceOverdue(TimeSpan now)
    {
        List<Push>? pushes = null;
        while (NextOverdue <= now)
        {
            Announce(_waiting!.Dequeue(), ref pushes);
        }

        return pushes;
    }

    /// <summary>The group, or the session that was announced as Primary, was removed, and that is stored.</summary>
    public void Forget()
    {
        if (Primary is null)
        {
            _primary = null;
        }
    }

    private void Announce(RoleRecord record, ref List<Push>? pushes)
    {
        // Counted, not to be read off the term: that leaps when the service starts anew, and between two looks at it more than one can come.
        if (record.Primary is not null && record.Term > _term && _term > 0)
        {
            Promotions++;
        }

        // Its Primary may have been removed since it was decided: whoever registers under the same id is another session.
        _primary = record.Primary is { } primary && _state.Find(primary) is not null ? primary : null;
        (_term, AnnouncedSequence) = (record.Term, record.Sequence);
        foreach (var change in record.Events)
        {
            if (change is RoleChanged e && _state.Find(e.SessionId) is { OnStream: true })
            {
                // Of several changes in one step only the last is a role that a session has.
                var ldpt = _state.LastDataProcessedTime;
                pushes?.RemoveAll(p => p.SessionId == e.SessionId);
                (pushes ??= []).Add(new Push(
                    e.SessionId, new Assignment(record.Sequence, e.NewRole, e.Term, e.Reason, ldpt, IsExact: e.IsExact), record.Recorded));
            }
        }

        record.Announce();
    }
}
