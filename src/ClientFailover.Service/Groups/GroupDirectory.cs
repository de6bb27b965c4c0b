using System.Collections.Concurrent;
using ClientFailover.Engine;
using ClientFailover.Service.Health;
using ClientFailover.Service.Storage;

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
            _owners[group.Key] = new GroupOwner(group.Key, group.State, services);
            if (group.State.Configuration is not null)
            {
                services.Tenants.Find(group.Key.Tenant, group.Key.Namespace)?.Restore(1, group.State.Sessions.Count);
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

        // An owner is kept for good, so that a group's term is: none is made for a group that cannot be created.
        return services.Store.Health is { Writable: false, Reason: var reason }
            ? throw new StoreUnavailableException(reason ?? "The store cannot be written.")
            : _owners.GetOrAdd(key, static (k, s) => new GroupOwner(k, DurableGroup.Absent, s), services);
    }

    /// <inheritdoc/>
    public IReadOnlyList<IGroupOwner> List(string tenant, string @namespace) =>
    [
        .. _owners.Values
            .Where(o => o.Configuration is not null && Is(o.Key.Tenant, tenant) && Is(o.Key.Namespace, @namespace))
            .OrderBy(o => o.Key.Group, StringComparer.OrdinalIgnoreCase),
    ];

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
