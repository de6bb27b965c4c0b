using System.Collections.Concurrent;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>
/// Responsible for knowing every open adapter stream, for telling them when the service stops, and for ending those whose
/// callers lost the rights that a stream needs.
/// </summary>
internal sealed class OpenLinks
{
    /// <summary>What an adapter needs on its group: it changes it, and is told of it.</summary>
    public const AccessRights Needed = AccessRights.Read | AccessRights.Write;

    private readonly ConcurrentDictionary<long, AdapterLink> _links = new();
    private readonly IHostApplicationLifetime _lifetime;
    private readonly AccessLists _access;
    private readonly ConcurrentDictionary<GroupKey, int> _ofNamespaces = new();
    private int _count;

    /// <summary>Starts knowing.</summary>
    /// <param name="lifetime">Tells when the service stops.</param>
    /// <param name="access">Tells when an access control list changes.</param>
    public OpenLinks(IHostApplicationLifetime lifetime, AccessLists access)
    {
        (_lifetime, _access) = (lifetime, access);
        lifetime.ApplicationStopping.Register(StopAll);

        // Not on the store's thread, which has other writes to complete.
        access.Changed += key => ThreadPool.UnsafeQueueUserWorkItem(static x => x.Links.Check(x.Key), (Links: this, Key: key), preferLocal: false);
    }

    /// <summary>How many are open.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>All of them, without a copy: some may come or go meanwhile.</summary>
    public IEnumerable<AdapterLink> All => _links.Select(l => l.Value);

    /// <summary>Whether the service is stopping.</summary>
    public bool Stopping => _lifetime.ApplicationStopping.IsCancellationRequested;

    /// <summary>A stream was opened.</summary>
    /// <param name="link">The stream.</param>
    public void Add(AdapterLink link)
    {
        _links[link.Id] = link;
        Interlocked.Increment(ref _count);
        if (link.Owner is { } owner)
        {
            _ofNamespaces.AddOrUpdate(NamespaceOf(owner), 1, static (_, count) => count + 1);
        }

        if (Stopping)
        {
            link.Stop();
        }
    }

    /// <summary>A stream ended.</summary>
    /// <param name="link">The stream.</param>
    public void Remove(AdapterLink link)
    {
        if (_links.TryRemove(link.Id, out _))
        {
            Interlocked.Decrement(ref _count);
            if (link.Owner is { } owner)
            {
                _ofNamespaces.AddOrUpdate(NamespaceOf(owner), 0, static (_, count) => count - 1);
            }
        }
    }

    /// <summary>How many are open of a namespace.</summary>
    /// <param name="collection">The collection of its groups.</param>
    /// <returns>How many.</returns>
    public int CountOf(GroupKey collection) => _ofNamespaces.GetValueOrDefault(collection);

    private static GroupKey NamespaceOf(IGroupOwner owner) => AccessLists.Collection(owner.Key.Tenant, owner.Key.Namespace);

    private void Check(GroupKey key)
    {
        foreach (var link in _links.Values)
        {
            if (link is { Owner: { } owner, Principal: { } principal } && owner.Key.Equals(key) && !_access.Allow(principal.Caller, key, Needed))
            {
                link.End(LinkEnd.AccessDenied);
            }
        }
    }

    private void StopAll()
    {
        foreach (var link in _links.Values)
        {
            link.Stop();
        }
    }
}
