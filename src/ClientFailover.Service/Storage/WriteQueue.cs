using ClientFailover.Service.Groups;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for the order in which writes are taken to the disk. Promotions go first, unless something else of their group waits: they should
/// not wait behind the configuration of whatever tenant, but those of one group keep their order. Not safe for many threads.
/// </summary>
internal sealed class WriteQueue
{
    private readonly Queue<StoreWrite> _urgent = new();
    private readonly Queue<StoreWrite> _others = new();

    // Of the others, how many wait of each group: what is urgent must not overtake them.
    private readonly Dictionary<GroupKey, int> _waiting = [];

    /// <summary>How many wait.</summary>
    public int Count => _urgent.Count + _others.Count;

    /// <summary>Adds a write.</summary>
    /// <param name="write">The write.</param>
    public void Enqueue(StoreWrite write)
    {
        var waiting = _waiting.GetValueOrDefault(write.Group);
        if (write.IsUrgent && waiting == 0)
        {
            _urgent.Enqueue(write);
            return;
        }

        _waiting[write.Group] = waiting + 1;
        _others.Enqueue(write);
    }

    /// <summary>Takes the next.</summary>
    /// <returns>The write; null: none waits.</returns>
    public StoreWrite? TryDequeue()
    {
        if (_urgent.TryDequeue(out var write))
        {
            return write;
        }

        if (_others.TryDequeue(out write) && --_waiting[write.Group] == 0)
        {
            _waiting.Remove(write.Group);
        }

        return write;
    }
}
