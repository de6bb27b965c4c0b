using ClientFailover.Engine;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for one group: applies commands one at a time behind a lock, under which there is no I/O; hands what
/// happened to the store; and announces roles when they are stored. What it answers is the state as announced.
/// </summary>
internal sealed partial class GroupOwner : IGroupOwner, IDeadlineHolder
{
    private readonly Lock _gate = new();
    private readonly GroupState _state;
    private readonly OwnerServices _services;
    private readonly Announcements _announcements;
    private Dictionary<string, IAdapterLink>? _links;
    private GroupKey _shown;
    private bool _timeWaits;
    private long _armedFor = TimeSpan.MaxValue.Ticks;

    /// <summary>An owner for a group as it was stored, or for one that does not exist.</summary>
    /// <param name="key">The group.</param>
    /// <param name="stored">Its durable state.</param>
    /// <param name="services">What all owners share.</param>
    public GroupOwner(GroupKey key, DurableGroup stored, OwnerServices services)
    {
        Key = key;
        _shown = key with { Group = stored.Configuration?.Id ?? key.Group };
        _services = services;
        _state = GroupState.Restore(stored, services.Settings, services.Clock.Now);
        _announcements = new Announcements(_state);
        if (_state.NextDeadline is { } deadline)
        {
            services.Scheduler.Arm(this, deadline);
        }
    }

    /// <inheritdoc/>
    public GroupKey Key { get; }

    /// <inheritdoc/>
    public GroupConfiguration? Configuration
    {
        get
        {
            lock (_gate)
            {
                return _state.Configuration;
            }
        }
    }

    /// <inheritdoc/>
    TimeSpan IDeadlineHolder.ArmedFor
    {
        get => new(Volatile.Read(ref _armedFor));
        set => Volatile.Write(ref _armedFor, value.Ticks);
    }

    /// <inheritdoc/>
    public TimeSpan? Tick(Now now)
    {
        List<Push>? pushes;
        TimeSpan? next;
        lock (_gate)
        {
            Apply(new Tick(now));
            pushes = _announcements.AnnounceOverdue(now.Monotonic);
            next = _announcements.NextOverdue is { } overdue && !(_state.NextDeadline <= overdue) ? overdue : _state.NextDeadline;
        }

        if (pushes is not null)
        {
            // Not on this thread, which has the deadlines of others.
            ThreadPool.UnsafeQueueUserWorkItem(static x => x.Owner.Send(x.Pushes), (Owner: this, Pushes: pushes), preferLocal: false);
        }

        return next;
    }

    /// <inheritdoc/>
    public void WasAbsent(TimeSpan? gap)
    {
        lock (_gate)
        {
            Apply(new ServiceWasAbsent(_services.Clock.Now, gap));
        }
    }

    /// <summary>The store has taken a step: its roles can be told.</summary>
    /// <param name="record">The step.</param>
    /// <param name="firstRevision">Revision of its first event.</param>
    public void Stored(RoleRecord record, long firstRevision)
    {
        List<Push>? pushes;
        lock (_gate)
        {
            pushes = _announcements.Announce(record);
            _timeWaits = false;
        }

        // After the state shows it: a watcher whose snapshot is of this revision must find it there.
        Publish(record, firstRevision);

        // Not on the store's thread, which has others to complete.
        ThreadPool.UnsafeQueueUserWorkItem(static x => x.Owner.Tell(x.Record, x.Pushes), (Owner: this, Record: record, Pushes: pushes), preferLocal: false);
    }

    /// <summary>Tells the watchers of what the store has taken.</summary>
    /// <param name="write">What it has taken.</param>
    /// <param name="firstRevision">Revision of its first event.</param>
    public void Publish(StoreWrite write, long firstRevision)
    {
        // A group that is created again may be written in another case. Touched by the store's thread alone.
        _shown = write.Events is [GroupCreated created] ? Key with { Group = created.Configuration.Id } : _shown;
        _services.Watch.Publish(_shown, _services.Access.Of(Key), HistoryMapping.Map(write.Events, firstRevision, write.Term), firstRevision + write.Events.Count - 1);
    }

    /// <summary>Applies a command. Under the lock.</summary>
    private Decision Apply(GroupCommand command, IReadOnlyList<GroupEvent>? alreadyStored = null)
    {
        var decision = Decider.Decide(_state, command);
        Conclude(decision, command.Now.Monotonic, alreadyStored);
        return decision;
    }

    /// <summary>Does what was decided. Under the lock.</summary>
    private void Conclude(in Decision decision, TimeSpan now, IReadOnlyList<GroupEvent>? alreadyStored = null)
    {
        if (decision.Events.Count > 0)
        {
            Record(decision.Events, alreadyStored, now);
        }

        if (decision.DrainOrder is { } order && _links?.GetValueOrDefault(order.SessionId) is { } link)
        {
            // With a number of its own: it may follow another assignment of the same step.
            var assignment = new Assignment(
                _announcements.NextSequence(), Role.Secondary, order.Term, order.Reason, _state.LastDataProcessedTime, order.Deadline - now);
            ThreadPool.UnsafeQueueUserWorkItem(static x => x.link.Assign(x.assignment), (link, assignment), preferLocal: false);
        }

        if (_state.NextDeadline is { } deadline)
        {
            Arm(deadline);
        }
    }

    private void Record(IReadOnlyList<GroupEvent> events, IReadOnlyList<GroupEvent>? alreadyStored, TimeSpan now)
    {
        if (alreadyStored is not null)
        {
            events = [.. events.Where(e => !alreadyStored.Contains(e, ReferenceEqualityComparer.Instance))];
            if (events.Count == 0)
            {
                return;
            }
        }

        // A disk that hangs must not pile up times: of a group, one waits.
        var onlyTime = events is [LastDataProcessedTimeRecorded];
        if (onlyTime && _timeWaits)
        {
            return;
        }

        _timeWaits |= onlyTime;
        var record = new RoleRecord(this, _announcements.NextSequence(), _state.Primary?.Id, _state.PrimaryTerm, now, events);
        if (record.IsUrgent && _announcements.Await(record))
        {
            Arm(_announcements.NextOverdue!.Value);
        }

        _services.Store.Append(record);
    }

    private void Arm(TimeSpan deadline)
    {
        // Read without the scheduler's lock: a tick that is armed for an earlier time always comes, and arms the next.
        if (deadline < ((IDeadlineHolder)this).ArmedFor)
        {
            _services.Scheduler.Arm(this, deadline);
        }
    }

    private void Tell(RoleRecord record, List<Push>? pushes)
    {
        Send(pushes);
        LogEvents(record.Events);
    }

    private void Send(List<Push>? pushes)
    {
        foreach (var push in pushes ?? [])
        {
            IAdapterLink? link;
            lock (_gate)
            {
                link = _links?.GetValueOrDefault(push.SessionId);
            }

            if (link is not null)
            {
                link.Assign(push.Assignment);
                _services.Pushes?.Pushed(_services.Clock.Monotonic - push.Decided);
            }
        }
    }
}
