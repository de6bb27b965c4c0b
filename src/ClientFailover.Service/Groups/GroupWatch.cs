using System.Runtime.CompilerServices;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for what a watcher sees: a snapshot and then the changes. It subscribes before it reads the groups, so
/// nothing falls between; a change that the snapshot already shows may come again, and says the same. When an access
/// control list changes, whoever it concerns starts over: what it may see now is there, what it may not is gone.
/// </summary>
internal sealed class GroupWatch : IGroupWatch
{
    private readonly IGroupDirectory _directory;
    private readonly WatchHub _hub;
    private readonly AccessLists _access;
    private readonly TenantDirectory _tenants;

    /// <summary>Makes the watch.</summary>
    /// <param name="directory">Where the groups are.</param>
    /// <param name="hub">Where the changes come from.</param>
    /// <param name="access">Who may read them.</param>
    /// <param name="tenants">Which namespaces there are.</param>
    public GroupWatch(IGroupDirectory directory, WatchHub hub, AccessLists access, TenantDirectory tenants)
    {
        (_directory, _hub, _access, _tenants) = (directory, hub, access, tenants);
        access.Changed += hub.Restart;
    }

    /// <inheritdoc/>
    public async IAsyncEnumerable<WatchUpdate> WatchAsync(
        string tenant, string @namespace, string? group, long? after, Caller caller, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var scope = new GroupKey(tenant, @namespace, group ?? "");
        var subscription = new WatchSubscription(tenant, @namespace, group);
        var revision = _hub.Subscribe(subscription, after, out var missed);
        try
        {
            foreach (var update in missed is null ? Snapshot(scope, caller, revision) : Resume(scope, caller, after!.Value, missed))
            {
                yield return update;
            }

            while (await subscription.Changes.WaitToReadAsync(cancellation).ConfigureAwait(false))
            {
                while (!subscription.Overflowed && subscription.Changes.TryRead(out var change))
                {
                    if (IsVisible(change, caller))
                    {
                        yield return Change(change);
                    }
                }

                if (subscription.Overflowed)
                {
                    revision = _hub.StartOver(subscription);
                    foreach (var update in Snapshot(scope, caller, revision))
                    {
                        yield return update;
                    }
                }
            }
        }
        finally
        {
            _hub.Unsubscribe(subscription);
        }
    }

    private static WatchUpdate Change(GroupChange change) =>
        new(change.Entry.Revision, WatchUpdateKind.Change, GroupId: change.Group.Group, Change: change.Entry);

    private bool MayWatch(GroupKey scope, Caller caller) =>
        _tenants.Find(scope.Tenant, scope.Namespace) is not null && _access.Allow(caller, scope, AccessRights.Read);

    // By the list of then, as the group may be gone and with it its list, and by the list of now, which may be stricter. What
    // only wakes the watcher has no list.
    private bool IsVisible(GroupChange change, Caller caller) =>
        change.Access?.Allows(caller, AccessRights.Read) == true && _access.Allow(caller, change.Group, AccessRights.Read);

    private IEnumerable<WatchUpdate> Resume(GroupKey scope, Caller caller, long after, IReadOnlyList<GroupChange> missed)
    {
        if (!MayWatch(scope, caller))
        {
            yield return new WatchUpdate(after, WatchUpdateKind.Denied);
            yield break;
        }

        yield return new WatchUpdate(after, WatchUpdateKind.Resumed);
        foreach (var change in missed.Where(c => IsVisible(c, caller)))
        {
            yield return Change(change);
        }
    }

    private IEnumerable<WatchUpdate> Snapshot(GroupKey scope, Caller caller, long revision)
    {
        if (!MayWatch(scope, caller))
        {
            yield return new WatchUpdate(revision, WatchUpdateKind.Denied);
            yield break;
        }

        var owners = scope.Group.Length == 0
            ? _directory.List(scope.Tenant, scope.Namespace).Where(o => _access.Allow(caller, o.Key, AccessRights.Read))
            : _directory.Find(scope) is { } one ? [one] : [];
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
