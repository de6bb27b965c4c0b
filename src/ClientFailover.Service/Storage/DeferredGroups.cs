using ClientFailover.Service.Groups;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for what was decided while the database could not be written. State is kept whole, in the least
/// number of events that comes to the same; of the history the oldest entries give way.
/// </summary>
/// <param name="historyLimit">How many entries of history are kept, of all groups.</param>
internal sealed class DeferredGroups(int historyLimit)
{
    private readonly Dictionary<GroupKey, DeferredGroup> _groups = [];
    private readonly Queue<(GroupKey Group, HistoryEntry Entry)> _history = new();

    /// <summary>Whether there is nothing to write.</summary>
    public bool IsEmpty => _groups.Count == 0;

    /// <summary>How many groups wait to be written.</summary>
    public int Groups => _groups.Count;

    /// <summary>How many history entries gave way since there was last nothing to write.</summary>
    public long Dropped { get; private set; }

    /// <summary>Adds a write.</summary>
    /// <param name="write">The write.</param>
    /// <param name="firstRevision">Its first revision.</param>
    /// <returns>True: with it the group has come to the end of its reserve of terms.</returns>
    public bool Add(StoreWrite write, long firstRevision)
    {
        if (!_groups.TryGetValue(write.Group, out var group))
        {
            _groups.Add(write.Group, group = new DeferredGroup());
        }

        var hadTerms = group.HasTerms;
        for (var i = 0; i < write.Events.Count; i++)
        {
            group.Add(write.Events[i], firstRevision + i);
        }

        foreach (var entry in HistoryMapping.Map(write.Events, firstRevision, write.Term))
        {
            _history.Enqueue((write.Group, entry));
        }

        while (_history.Count > historyLimit)
        {
            _history.Dequeue();
            Dropped++;
        }

        return hadTerms && !group.HasTerms;
    }

    /// <summary>Writes everything, inside a transaction of the writer.</summary>
    /// <param name="writer">The writer.</param>
    public void Write(GroupWriter writer)
    {
        foreach (var (key, group) in _groups)
        {
            group.Write(key, writer);
        }

        foreach (var (key, entry) in _history)
        {
            writer.AddHistory(key, entry);
        }
    }

    /// <summary>Forgets everything: it is written.</summary>
    public void Clear()
    {
        _groups.Clear();
        _history.Clear();
        Dropped = 0;
    }
}
