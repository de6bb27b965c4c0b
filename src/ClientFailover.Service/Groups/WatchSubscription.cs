using System.Threading.Channels;

namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for one watcher's bounded queue: when it is full the watcher has to start over. It is offered what happens in its
/// namespace alone.
/// </summary>
/// <param name="tenant">The tenant.</param>
/// <param name="namespace">The namespace.</param>
/// <param name="group">Only this group; null: all.</param>
internal sealed class WatchSubscription(string tenant, string @namespace, string? group)
{
    private const int Capacity = 1_024;

    private readonly Channel<GroupChange> _changes = Channel.CreateBounded<GroupChange>(
        new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private volatile bool _overflowed;

    /// <summary>Whether changes were left out, so that the watcher has to start over.</summary>
    public bool Overflowed => _overflowed;

    /// <summary>What the watcher reads.</summary>
    public ChannelReader<GroupChange> Changes => _changes.Reader;

    /// <summary>The namespace, as the key of its collection.</summary>
    public GroupKey Namespace { get; } = new(tenant, @namespace, "");

    /// <summary>Whether a group of the namespace is of interest.</summary>
    public bool Wants(GroupKey key) => group is null || Is(key.Group, group);

    /// <summary>Whether a change of an access control list in the namespace can change what is seen.</summary>
    /// <param name="key">The group, or the collection, which has no group's id.</param>
    /// <returns>Whether it can.</returns>
    public bool IsConcernedBy(GroupKey key) => key.Group.Length == 0 || Wants(key);

    /// <summary>Has the watcher start over.</summary>
    public void Restart()
    {
        _overflowed = true;

        // Wakes it; if the queue is full it is awake.
        _changes.Writer.TryWrite(default);
    }

    /// <summary>Offers a change.</summary>
    public void Offer(GroupChange change)
    {
        if (Wants(change.Group) && !_overflowed && !_changes.Writer.TryWrite(change))
        {
            _overflowed = true;
        }
    }

    /// <summary>Forgets what was offered, for a start over.</summary>
    public void Clear()
    {
        while (_changes.Reader.TryRead(out _))
        {
        }

        _overflowed = false;
    }

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
