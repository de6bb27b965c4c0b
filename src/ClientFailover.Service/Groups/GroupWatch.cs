using System.Runtime.CompilerServices;

namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for what a watcher sees: a snapshot and then the changes. It subscribes before it reads the groups, so
/// nothing falls between; a change that the snapshot already shows may come again, and says the same.
/// </summary>
/// <param name="directory">Where the groups are.</param>
/// <param name="hub">Where the changes come from.</param>
internal sealed class GroupWatch(IGroupDirectory directory, WatchHub hub) : IGroupWatch
{
    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchUpdate> WatchAsync(
        string tenant, string @namespace, string? group, long? after, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var subscription = new WatchSubscription(tenant, @namespace, group);
        var revision = hub.Subscribe(subscription, after, out var missed);
        try
        {
            foreach (var update in missed is null
                ? Snapshot(tenant, @namespace, group, revision)
                : missed.Select(Change).Prepend(new WatchUpdate(after!.Value, WatchUpdateKind.Resumed)))
            {
                yield return update;
            }

            while (await subscription.Changes.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                while (!subscription.Overflowed && subscription.Changes.TryRead(out var change))
                {
                    yield return Change(change);
                }

                if (subscription.Overflowed)
                {
                    revision = hub.StartOver(subscription);
                    foreach (var update in Snapshot(tenant, @namespace, group, revision))
                    {
                        yield return update;
                    }
                }
            }
        }
        finally
        {
            hub.Unsubscribe(subscription);
        }
    }

    private static WatchUpdate Change(GroupChange change) =>
        new(change.Entry.Revision, WatchUpdateKind.Change, GroupId: change.Group.Group, Change: change.Entry);

    private IEnumerable<WatchUpdate> Snapshot(string tenant, string @namespace, string? group, long revision)
    {
        var owners = group is null
            ? directory.List(tenant, @namespace)
            : directory.Find(new GroupKey(tenant, @namespace, group)) is { } one ? [one] : [];
        foreach (var owner in owners)
        {
            if (owner.Read() is { } view)
            {
                yield return new WatchUpdate(revision, WatchUpdateKind.State, view);
            }
        }

        yield return new WatchUpdate(revision, WatchUpdateKind.SnapshotComplete);
    }
}
