using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for spreading what the store has taken: in the order of revisions, to every watcher of the namespace, without ever
/// waiting for one. Remembers the newest changes, so that a watcher can resume. What one namespace does costs those who watch
/// another nothing.
/// </summary>
internal sealed class WatchHub
{
    private const int Remembered = 16_384;

    private readonly Lock _gate = new();

    // By the key of the namespace's collection.
    private readonly Dictionary<GroupKey, NamespaceChanges> _namespaces = [];

    // Of all namespaces together: whose is the oldest change that is remembered.
    private readonly Queue<NamespaceChanges> _order = new();
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

    /// <summary>Tells the watchers. Quick; called in the order of revisions.</summary>
    /// <param name="group">The group.</param>
    /// <param name="access">Who may do what with it.</param>
    /// <param name="entries">What happened.</param>
    /// <param name="revision">The revision that this brings everybody to.</param>
    public void Publish(GroupKey group, AccessList access, IEnumerable<HistoryEntry> entries, long revision)
    {
        lock (_gate)
        {
            NamespaceChanges? changes = null;
            foreach (var entry in entries)
            {
                Published?.Invoke(group, entry);
                changes ??= Of(group);
                changes.Add(new GroupChange(group, access, entry));
                _order.Enqueue(changes);
            }

            while (_order.Count > Remembered)
            {
                var oldest = _order.Dequeue();
                _forgottenUpTo = oldest.Forget();
                RemoveIfEmpty(oldest);
            }

            _revision = revision;
        }
    }

    /// <summary>Adds a watcher.</summary>
    /// <param name="subscription">The watcher.</param>
    /// <param name="after">Resume after this revision; null: do not.</param>
    /// <param name="missed">
    /// The changes since that revision; null: it is too old, of a namespace that was removed since, or not from this service, or there was none.
    /// </param>
    /// <returns>The revision from which on changes are offered.</returns>
    public long Subscribe(WatchSubscription subscription, long? after, out IReadOnlyList<GroupChange>? missed)
    {
        lock (_gate)
        {
            var changes = Of(subscription.Namespace);
            missed = after >= _forgottenUpTo && after >= changes.From && after <= _revision ? changes.Since(after.Value, subscription) : null;
            changes.Subscriptions.Add(subscription);
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
            if (_namespaces.TryGetValue(key with { Group = "" }, out var changes))
            {
                foreach (var subscription in changes.Subscriptions.Where(s => s.IsConcernedBy(key)))
                {
                    subscription.Restart();
                }
            }
        }
    }

    /// <summary>A namespace was removed: whoever watches one of the same id is told nothing of what happened up to here.</summary>
    /// <param name="key">The collection, which has no group's id.</param>
    public void BeginAnew(GroupKey key)
    {
        lock (_gate)
        {
            if (_namespaces.TryGetValue(key, out var changes))
            {
                changes.From = _revision;
            }
        }
    }

    /// <summary>Removes a watcher.</summary>
    /// <param name="subscription">The watcher.</param>
    public void Unsubscribe(WatchSubscription subscription)
    {
        lock (_gate)
        {
            if (_namespaces.TryGetValue(subscription.Namespace, out var changes))
            {
                changes.Subscriptions.Remove(subscription);
                RemoveIfEmpty(changes);
            }
        }
    }

    private NamespaceChanges Of(GroupKey group)
    {
        var key = group with { Group = "" };
        if (!_namespaces.TryGetValue(key, out var changes))
        {
            _namespaces[key] = changes = new NamespaceChanges(key);
        }

        return changes;
    }

    private void RemoveIfEmpty(NamespaceChanges changes)
    {
        if (changes.IsEmpty)
        {
            _namespaces.Remove(changes.Key);
        }
    }

    /// <summary>What happened in one namespace, and who watches it. Under the lock.</summary>
    private sealed class NamespaceChanges(GroupKey key)
    {
        // Walked from its end: who resumes has mostly missed little.
        private readonly LinkedList<GroupChange> _recent = new();

        public GroupKey Key => key;

        public List<WatchSubscription> Subscriptions { get; } = [];

        // Older changes are of a namespace that was removed, and are forgotten in their turn.
        public long From { get; set; }

        public bool IsEmpty => _recent.Count == 0 && Subscriptions.Count == 0;

        public void Add(GroupChange change)
        {
            _recent.AddLast(change);
            foreach (var subscription in Subscriptions)
            {
                subscription.Offer(change);
            }
        }

        public long Forget()
        {
            var revision = _recent.First!.Value.Entry.Revision;
            _recent.RemoveFirst();
            return revision;
        }

        public List<GroupChange> Since(long revision, WatchSubscription subscription)
        {
            var missed = new List<GroupChange>();
            for (var node = _recent.Last; node is not null && node.Value.Entry.Revision > revision; node = node.Previous)
            {
                if (subscription.Wants(node.Value.Group))
                {
                    missed.Add(node.Value);
                }
            }

            missed.Reverse();
            return missed;
        }
    }
}

/// <summary>Something that happened in a group.</summary>
/// <param name="Group">The group.</param>
/// <param name="Access">Who might do what with it, then: of a group that was deleted nothing else tells.</param>
/// <param name="Entry">What happened.</param>
internal readonly record struct GroupChange(GroupKey Group, AccessList Access, HistoryEntry Entry);
