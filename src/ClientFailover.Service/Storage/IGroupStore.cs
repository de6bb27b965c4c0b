using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Keeps the durable state and the history of all groups. Writes of many groups share one commit; they are
/// completed in the order of their revisions.
/// </summary>
internal interface IGroupStore
{
    /// <summary>Whether the database can be written, and what is wrong if something is. Costs nothing and never waits.</summary>
    StoreHealth Health { get; }

    /// <summary>The revision of the newest completed write; 0: none.</summary>
    long Revision { get; }

    /// <summary>Reads the durable state of every group that exists, or that left a term behind. Called once, first.</summary>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The groups. The Term of each is at least as great as any that was announced before a crash.</returns>
    Task<IReadOnlyList<StoredGroup>> LoadAsync(CancellationToken cancellation);

    /// <summary>Reads every access control list that was set. Called once, after <see cref="LoadAsync"/>.</summary>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The lists.</returns>
    Task<IReadOnlyList<StoredAccessList>> LoadAccessListsAsync(CancellationToken cancellation);

    /// <summary>Reads every tenant and namespace. Called once, after <see cref="LoadAsync"/>.</summary>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>All of them.</returns>
    Task<StoredTenants> LoadTenantsAsync(CancellationToken cancellation);

    /// <summary>Reads what administrators have set. Called once, after <see cref="LoadAsync"/>.</summary>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The configuration; an empty one if nothing was set.</returns>
    Task<ServiceConfiguration> LoadConfigurationAsync(CancellationToken cancellation);

    /// <summary>Reads how long nobody has heard from sessions. Called once, after <see cref="LoadAsync"/>.</summary>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>Those that had been silent for at least about a day.</returns>
    Task<IReadOnlyList<StoredSilence>> LoadSilencesAsync(CancellationToken cancellation);

    /// <summary>Takes a write. Returns at once, never blocks and never throws for want of disk: the write is completed later.</summary>
    /// <param name="write">The write. Writes of one group must be taken in the order of their events.</param>
    void Append(StoreWrite write);

    /// <summary>The history of a group, newest first.</summary>
    /// <param name="group">The group.</param>
    /// <param name="skip">How many entries to pass over.</param>
    /// <param name="count">How many to return at most.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The page, and how many entries there are in all.</returns>
    Task<HistoryPage> ReadHistoryAsync(GroupKey group, int skip, int count, CancellationToken cancellation);
}

/// <summary>Whether the store can be written.</summary>
/// <param name="Writable">True: the last commit succeeded, and none has been under way for long.</param>
/// <param name="Reason">
/// For people, why it cannot; if it is writable, why changes are refused while roles, which need less room, are written. Null:
/// nothing is wrong.
/// </param>
internal sealed record StoreHealth(bool Writable, string? Reason)
{
    /// <summary>Nothing is wrong.</summary>
    public static StoreHealth Good { get; } = new(true, null);

    /// <summary>Whether nothing is wrong.</summary>
    public bool IsGood => Writable && Reason is null;
}

/// <summary>A group as it was stored.</summary>
/// <param name="Key">Its key.</param>
/// <param name="State">Its durable state.</param>
internal sealed record StoredGroup(GroupKey Key, DurableGroup State);

/// <summary>How long nobody had heard from a session.</summary>
/// <param name="Group">Its group.</param>
/// <param name="SessionId">Its id.</param>
/// <param name="Silence">How long, of the time in which the service ran.</param>
internal sealed record StoredSilence(GroupKey Group, string SessionId, TimeSpan Silence);

/// <summary>An access control list as it was stored.</summary>
/// <param name="Key">Whose it is; without a group: the collection's.</param>
/// <param name="List">The list.</param>
internal sealed record StoredAccessList(GroupKey Key, AccessList List);

/// <summary>Tenants and namespaces as they were stored.</summary>
/// <param name="Tenants">The tenants.</param>
/// <param name="Namespaces">The namespaces; the tenant of each is among the tenants.</param>
internal sealed record StoredTenants(IReadOnlyList<TenantRecord> Tenants, IReadOnlyList<NamespaceRecord> Namespaces);

/// <summary>An event of a group's history.</summary>
/// <param name="Revision">Its number among all events of the service.</param>
/// <param name="Term">The group's term.</param>
/// <param name="Time">When, UTC.</param>
/// <param name="SessionId">The session; null: the group itself.</param>
/// <param name="OldRole">Its role before; null unless a role was assigned.</param>
/// <param name="NewRole">Its role since; null unless a role was assigned.</param>
/// <param name="Reason">Why.</param>
/// <param name="Detection">Silence until the loss was decided.</param>
/// <param name="Takeover">Time from the decision to the assignment.</param>
internal sealed record HistoryEntry(
    long Revision,
    long Term,
    DateTime Time,
    string? SessionId,
    Role? OldRole,
    Role? NewRole,
    Reason Reason,
    TimeSpan? Detection,
    TimeSpan? Takeover);

/// <summary>A page of history.</summary>
/// <param name="Entries">Newest first.</param>
/// <param name="TotalCount">How many entries the group has in all.</param>
internal sealed record HistoryPage(IReadOnlyList<HistoryEntry> Entries, int TotalCount);
