using System.Collections.Concurrent;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Tenants;

/// <summary>
/// Responsible for which tenants and namespaces there are. Changes are made one at a time, and are in force when they are
/// durable. The default ones are always there.
/// </summary>
internal sealed partial class TenantDirectory
{
    private readonly IGroupStore _store;
    private readonly ServiceClock _clock;
    private readonly AccessLists _access;
    private readonly NamespaceOptions _options;
    private readonly ConcurrentDictionary<string, TenantEntry> _tenants = new(StringComparer.OrdinalIgnoreCase);
    private readonly NamespaceState _default;

    /// <summary>A directory of the default tenant alone.</summary>
    /// <param name="store">Where it is kept.</param>
    /// <param name="clock">Its clock.</param>
    /// <param name="access">The lists of the namespaces' collections, which go with them.</param>
    /// <param name="options">Limits of namespaces that have none of their own.</param>
    public TenantDirectory(IGroupStore store, ServiceClock clock, AccessLists access, IOptions<NamespaceOptions> options)
    {
        (_store, _clock, _access, _options) = (store, clock, access, options.Value);
        _default = NewState(new NamespaceRecord(DefaultNamespace.Id, DefaultNamespace.Id, null, null, NamespaceLimits.AsSetUp));
        Add(new TenantRecord(DefaultNamespace.Id, null, null)).Namespaces[DefaultNamespace.Id] = _default;
    }

    /// <summary>The tenants, in the order of their ids.</summary>
    public IReadOnlyList<TenantRecord> Tenants => [.. _tenants.Values.Select(t => t.Record).OrderBy(t => t.Id, StringComparer.OrdinalIgnoreCase)];

    /// <summary>How many sessions a group may have, whatever its namespace.</summary>
    public int MaxSessionsPerGroup => _options.MaxSessionsPerGroup;

    /// <summary>Takes what was stored.</summary>
    /// <param name="stored">Tenants and namespaces.</param>
    public void Restore(StoredTenants stored)
    {
        foreach (var tenant in stored.Tenants)
        {
            Add(tenant);
        }

        foreach (var record in stored.Namespaces)
        {
            if (!_tenants[record.TenantId].Namespaces.TryAdd(record.Id, NewState(record)))
            {
                // The default one, which is there already: what was set of it.
                _default.Set(record);
            }
        }
    }

    /// <summary>A namespace.</summary>
    /// <param name="tenant">The tenant's id.</param>
    /// <param name="namespace">The namespace's id.</param>
    /// <returns>The namespace; null: there is no such tenant or namespace.</returns>
    public NamespaceState? Find(string tenant, string @namespace)
    {
        // What names none, as adapters on-premises do, costs no look-up.
        if (ReferenceEquals(tenant, DefaultNamespace.Id) && ReferenceEquals(@namespace, DefaultNamespace.Id))
        {
            return _default;
        }

        return _tenants.TryGetValue(tenant, out var entry) && entry.Namespaces.TryGetValue(@namespace, out var state) ? state : null;
    }

    /// <summary>A tenant.</summary>
    /// <param name="tenant">Its id.</param>
    /// <returns>The tenant; null: there is none.</returns>
    public TenantRecord? FindTenant(string tenant) => _tenants.TryGetValue(tenant, out var entry) ? entry.Record : null;

    /// <summary>The namespaces of a tenant, in the order of their ids.</summary>
    /// <param name="tenant">The tenant's id.</param>
    /// <returns>The namespaces; null: there is no such tenant.</returns>
    public IReadOnlyList<NamespaceRecord>? Namespaces(string tenant) => _tenants.TryGetValue(tenant, out var entry)
        ? [.. entry.Namespaces.Values.Select(n => n.Record).OrderBy(n => n.Id, StringComparer.OrdinalIgnoreCase)]
        : null;

    private TenantEntry Add(TenantRecord record) => _tenants.AddOrUpdate(record.Id, id => new TenantEntry(record), (_, e) => e with { Record = record });

    private NamespaceState NewState(NamespaceRecord record) => new(record, _options, _clock.Time);

    private sealed record TenantEntry(TenantRecord Record)
    {
        public ConcurrentDictionary<string, NamespaceState> Namespaces { get; } = new(StringComparer.OrdinalIgnoreCase);
    }
}
