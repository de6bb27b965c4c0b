using System.Collections.Concurrent;
using ClientFailover.Engine;
using ClientFailover.Service.Health;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Groups;

/// <summary>Responsible for finding the owner of a group in a service of one process: it always lives here.</summary>
/// <param name="services">What all owners share.</param>
internal sealed class GroupDirectory(OwnerServices services) : IGroupDirectory
{
    private readonly ConcurrentDictionary<GroupKey, GroupOwner> _owners = new();

    /// <summary>Every owner, also of groups that were deleted.</summary>
    public IEnumerable<GroupOwner> Owners => _owners.Values;

    /// <summary>Takes the groups that were stored.</summary>
    /// <param name="stored">The groups.</param>
    public void Restore(IEnumerable<StoredGroup> stored)
    {
        foreach (var group in stored)
        {
            var owner = new GroupOwner(group.Key, group.State, services);
            _owners[group.Key] = owner;
            var space = services.Tenants.Find(group.Key.Tenant, group.Key.Namespace);
            space?.RestoreId();
            if (group.State.Configuration is not null)
            {
                space?.Restore(1, group.State.Sessions.Count);
                space?.Groups.Add(owner);
            }
        }
    }

    /// <summary>Counts groups that exist and sessions that are heard from, of all namespaces.</summary>
    /// <returns>How many there are, each group at its own moment.</returns>
    public ObjectCount Count()
    {
        var count = new ObjectCount(0, 0);
        foreach (var owner in Owners)
        {
            if (owner.CountLive() is { } live)
            {
                count = new ObjectCount(count.Groups + 1, count.Sessions + live);
            }
        }

        return count;
    }

    /// <inheritdoc/>
    public IGroupOwner? Find(GroupKey key) => _owners.TryGetValue(key, out var owner) && owner.Configuration is not null ? owner : null;

    /// <inheritdoc/>
    public IGroupOwner FindOrAdd(GroupKey key)
    {
        if (_owners.TryGetValue(key, out var owner))
        {
            return owner;
        }

        // An owner is kept for good, so that a group's term is: none is made for a group that cannot be created, and there is an end
        // to how many a namespace can have made.
        if (services.Store.Health is { Writable: false, Reason: var reason })
        {
            throw new StoreUnavailableException(reason ?? "The store cannot be written.");
        }

        var space = services.Tenants.Find(key.Tenant, key.Namespace) ?? throw new LimitReachedException(LimitReached.Removed);
        if (space.TryTakeId() is { } limit)
        {
            throw new LimitReachedException(limit);
        }

        owner = new GroupOwner(key, DurableGroup.Absent, services);
        if (_owners.TryAdd(key, owner))
        {
            return owner;
        }

        space.ReleaseId();
        return _owners[key];
    }

    /// <inheritdoc/>
    public IReadOnlyList<IGroupOwner> List(string tenant, string @namespace) => services.Tenants.Find(tenant, @namespace)?.Groups.Owners ?? [];
}
