using System.Collections.Concurrent;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.AccessControl;

/// <summary>
/// Responsible for the lists in force: of groups, and of collections, which are the groups without an id. Where none was
/// set, the default holds, and nothing is kept. Changed by the store's thread alone, in the order of its commits.
/// </summary>
/// <param name="store">Where lists are kept.</param>
/// <param name="clock">How long the store is waited for.</param>
internal sealed class AccessLists(IGroupStore store, ServiceClock clock)
{
    private readonly ConcurrentDictionary<GroupKey, AccessList> _lists = new();
    private volatile bool _isAnySet;

    /// <summary>
    /// A list has changed: of a group, or of the collection whose groups have no id in the key. Called on the store's thread:
    /// what takes time goes elsewhere.
    /// </summary>
    public event Action<GroupKey>? Changed;

    /// <summary>A namespace was removed, told by the key of its collection. Called on the store's thread, before <see cref="Changed"/>.</summary>
    public event Action<GroupKey>? Removed;

    /// <summary>Whether any list is in force but the default. False, as nearly always: there is nothing to look up.</summary>
    public bool IsAnySet => _isAnySet;

    /// <summary>The key of a namespace's collection.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="namespace">The namespace.</param>
    /// <returns>The key.</returns>
    public static GroupKey Collection(string tenant, string @namespace) => new(tenant, @namespace, "");

    /// <summary>Takes the lists that were stored.</summary>
    /// <param name="stored">The lists.</param>
    public void Restore(IEnumerable<StoredAccessList> stored)
    {
        foreach (var (key, list) in stored)
        {
            Keep(key, list);
        }
    }

    /// <summary>The list that holds.</summary>
    /// <param name="key">The group, or the collection.</param>
    /// <returns>The list.</returns>
    public AccessList Of(GroupKey key) => _isAnySet && _lists.TryGetValue(key, out var list) ? list : AccessList.Default;

    /// <summary>Whether a caller has rights.</summary>
    /// <param name="caller">The caller.</param>
    /// <param name="key">The group, or the collection.</param>
    /// <param name="needed">The rights; all of them are needed.</param>
    /// <returns>Whether it has them all.</returns>
    public bool Allow(Caller caller, GroupKey key, AccessRights needed) => Of(key).Allows(caller, needed);

    /// <summary>Sets a list. Answers after it is durable and in force.</summary>
    /// <param name="key">The group, or the collection.</param>
    /// <param name="list">The list.</param>
    /// <param name="exists">Whether the group, or the namespace, exists.</param>
    /// <param name="cancellation">Ends the waiting, not the change.</param>
    /// <returns>False: there is no such group or namespace.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was changed.</exception>
    public async Task<bool> SetAsync(GroupKey key, AccessList list, Func<bool> exists, CancellationToken cancellation)
    {
        var write = new AccessListWrite(this, key, list, exists);
        store.Append(write);
        try
        {
            return await write.Stored.WaitAsync(StoreUnavailableException.Patience, clock.Time, cancellation).ConfigureAwait(false) switch
            {
                AccessListOutcome.Set => true,
                AccessListOutcome.NotFound => false,
                _ => throw new StoreUnavailableException(store.Health.Reason ?? "The store refused the change."),
            };
        }
        catch (TimeoutException)
        {
            throw StoreUnavailableException.NotAnswered();
        }
    }

    /// <summary>Puts a list in force.</summary>
    /// <param name="key">The group, or the collection.</param>
    /// <param name="list">The list.</param>
    public void Put(GroupKey key, AccessList list)
    {
        Keep(key, list);
        Changed?.Invoke(key);
    }

    /// <summary>A group was created: it inherits the list of the collection.</summary>
    /// <param name="key">The group.</param>
    public void Inherit(GroupKey key)
    {
        if (_isAnySet && _lists.TryGetValue(Collection(key.Tenant, key.Namespace), out var inherited))
        {
            _lists[key] = inherited;
        }
    }

    /// <summary>A group was deleted: its list is gone with it.</summary>
    /// <param name="key">The group.</param>
    public void Forget(GroupKey key)
    {
        if (_isAnySet)
        {
            _lists.TryRemove(key, out _);
        }
    }

    /// <summary>A namespace was removed: the list of its collection is gone with it, and nobody is to watch it any more.</summary>
    /// <param name="key">The collection.</param>
    public void Remove(GroupKey key)
    {
        Forget(key);
        Removed?.Invoke(key);
        Changed?.Invoke(key);
    }

    private void Keep(GroupKey key, AccessList list)
    {
        _lists[key] = list;
        _isAnySet = true;
    }
}
