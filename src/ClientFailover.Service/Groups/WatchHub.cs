using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for spreading what the store has taken: in the order of revisions, to every watcher, without ever
/// waiting for one. Remembers the newest changes, so that a watcher can resume.
/// </summary>
internal sealed class WatchHub
{
    private const int Remembered = 16_384;

    private readonly Lock _gate = new();
    private readonly Queue<GroupChange> _recent = new();
    private readonly List<WatchSubscription> _subscriptions = [];
    private long _forgottenUpTo;
    private long _revision;

    /// <summary>
    /// Is told of everything that happens, in the order of revisions, by the thread of the store: whoever listens must be quick and
    /// must not throw.
    /// </summary>
    public event Action<GroupKey, HistoryEntry>? Published;

    /// <summary>Starts at the revision that the store was left at: nothing before it is remembered.</summary>
    /// <param name="revision">The revision.</param>
    public void StartAt(long revision)
    {
        lock (_gate)
        {
            _revision = _forgottenUpTo = revision;
        }
    }

    /// <summary>Tells all watchers. Quick; called in the order of revisions.</summary>
    /// <param name="group">The group.</param>
    /// <param name="access">Who may do what with it.</param>
    /// <param name="entries">What happened.</param>
    /// <param name="revision">The revision that this brings everybody to.</param>
    public void Publish(GroupKey group, AccessList access, IEnumerable<HistoryEntry> entries, long revision)
    {
        lock (_gate)
        {
            foreach (var entry in entries)
            {
                Published?.Invoke(group, entry);
                var change = new GroupChange(group, access, entry);
                _recent.Enqueue(change);
                foreach (var subscription in _subscriptions)
                {
                    subscription.Offer(change);
                }
            }

            while (_recent.Count > Remembered)
            {
                _forgottenUpTo = _recent.Dequeue().Entry.Revision;
            }

            _revision = revision;
        }
    }

    /// <summary>Adds a watcher.</summary>
    /// <param name="subscription">The watcher.</param>
    /// <param name="after">Resume after this revision; null: do not.</param>
    /// <param name="missed">The changes since that revision; null: it is too old, or not from this service, or there was none.</param>
    /// <returns>The revision from which on changes are offered.</returns>
    public long Subscribe(WatchSubscription subscription, long? after, out IReadOnlyList<GroupChange>? missed)
    {
        lock (_gate)
        {
            missed = after >= _forgottenUpTo && after <= _revision
                ? [.. _recent.Where(c => c.Entry.Revision > after && subscription.Wants(c.Group))]
                : null;
            _subscriptions.Add(subscription);
            return _revision;
        }
    }

    /// <summary>The revision that a watcher which starts over is brought to; what it was offered before is void.</summary>
    /// <param name="subscription">The watcher.</param>
    /// <returns>The revision.</returns>
    public long StartOver(WatchSubscription subscription)
    {
        lock (_gate)
        {
            subscription.Clear();
            return _revision;
        }
    }

    /// <summary>What watchers may see has changed: those whom it concerns start over.</summary>
    /// <param name="key">The group, or the collection, which has no group's id.</param>
    public void Restart(GroupKey key)
    {
        lock (_gate)
        {
            foreach (var subscription in _subscriptions.Where(s => s.IsConcernedBy(key)))
            {
                subscription.Restart();
            }
        }
    }

    /// <summary>Removes a watcher.</summary>
    /// <param name="subscription">The watcher.</param>
    public void Unsubscribe(WatchSubscription subscription)
    {
        lock (_gate)
        {
            _subscriptions.Remove(subscription);
        }
    }
}

/// <summary>Something that happened in a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Access">Who might do what with it, then: of a group that was deleted nothing else tells.</param>
/// <param name="Entry">What happened.</param>
internal readonly record struct GroupChange(GroupKey Group, AccessList Access, HistoryEntry Entry);
