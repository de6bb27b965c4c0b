using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;

namespace ClientFailover.Service.Tenants;

/// <content>Its changes.</content>
internal sealed partial class TenantDirectory : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);

    /// <summary>Makes sure that a tenant exists. Answers after it is durable.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="cancellation">Ends the waiting, not the change.</param>
    /// <returns>Created, Same or Differs.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was changed.</exception>
    public Task<TenantOutcome> CreateAsync(TenantRecord tenant, CancellationToken cancellation) => ChangeAsync(
        () => FindTenant(tenant.Id) switch
        {
            null => new Change(
                TenantOutcome.Created, new TenantWrite(tenant.Id, "", sql => sql.AddTenant(tenant), () => Add(tenant))),
            var existing => new Change(existing with { Id = tenant.Id } == tenant ? TenantOutcome.Same : TenantOutcome.Differs),
        },
        cancellation);

    /// <summary>Makes sure that a namespace exists. Answers after it is durable.</summary>
    /// <param name="wanted">The namespace.</param>
    /// <param name="cancellation">Ends the waiting, not the change.</param>
    /// <returns>Created, Same, Differs or NotFound: there is no such tenant.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was changed.</exception>
    public Task<TenantOutcome> CreateAsync(NamespaceRecord wanted, CancellationToken cancellation) => ChangeAsync(
        () =>
        {
            if (!_tenants.TryGetValue(wanted.TenantId, out var entry))
            {
                return new Change(TenantOutcome.NotFound);
            }

            var record = wanted with { TenantId = entry.Record.Id };
            return entry.Namespaces.TryGetValue(record.Id, out var existing)
                ? new Change(existing.Record with { Id = record.Id } == record ? TenantOutcome.Same : TenantOutcome.Differs)
                : new Change(
                    TenantOutcome.Created,
                    new TenantWrite(record.TenantId, record.Id, sql => sql.AddNamespace(record), () => entry.Namespaces[record.Id] = NewState(record)));
        },
        cancellation);

    /// <summary>Replaces the members of a namespace, also of the default one. Answers after it is durable.</summary>
    /// <param name="wanted">The namespace.</param>
    /// <param name="cancellation">Ends the waiting, not the change.</param>
    /// <returns>Set, Same or NotFound.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was changed.</exception>
    public Task<TenantOutcome> SetAsync(NamespaceRecord wanted, CancellationToken cancellation) => ChangeAsync(
        () =>
        {
            if (Find(wanted.TenantId, wanted.Id) is not { } state)
            {
                return new Change(TenantOutcome.NotFound);
            }

            // Ids stay as they were first written.
            var record = wanted with { TenantId = state.Record.TenantId, Id = state.Record.Id };
            return record == state.Record
                ? new Change(TenantOutcome.Same)
                : new Change(TenantOutcome.Set, new TenantWrite(record.TenantId, record.Id, sql => sql.SetNamespace(record), () => state.Set(record)));
        },
        cancellation);

    /// <summary>Deletes a tenant with its namespaces. Answers after that is durable.</summary>
    /// <param name="tenant">Its id.</param>
    /// <param name="cancellation">Ends the waiting, not the change.</param>
    /// <returns>Deleted, NotFound, HasGroups or IsDefault.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was changed.</exception>
    public Task<TenantOutcome> DeleteAsync(string tenant, CancellationToken cancellation) => ChangeAsync(
        () =>
        {
            if (!_tenants.TryGetValue(tenant, out var entry))
            {
                return new Change(TenantOutcome.NotFound);
            }

            return DefaultNamespace.Is(tenant)
                ? new Change(TenantOutcome.IsDefault)
                : Delete([.. entry.Namespaces.Values], tenant, "", sql => sql.DeleteTenant(tenant), () => _tenants.TryRemove(tenant, out _));
        },
        cancellation);

    /// <summary>Deletes a namespace. Answers after that is durable.</summary>
    /// <param name="tenant">Its tenant's id.</param>
    /// <param name="namespace">Its id.</param>
    /// <param name="cancellation">Ends the waiting, not the change.</param>
    /// <returns>Deleted, NotFound, HasGroups or IsDefault.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was changed.</exception>
    public Task<TenantOutcome> DeleteAsync(string tenant, string @namespace, CancellationToken cancellation) => ChangeAsync(
        () =>
        {
            if (!_tenants.TryGetValue(tenant, out var entry) || !entry.Namespaces.TryGetValue(@namespace, out var state))
            {
                return new Change(TenantOutcome.NotFound);
            }

            return state == _default
                ? new Change(TenantOutcome.IsDefault)
                : Delete(
                    [state], tenant, @namespace, sql => sql.DeleteNamespace(tenant, @namespace), () => entry.Namespaces.TryRemove(@namespace, out _));
        },
        cancellation);

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    /// <summary>Deletes namespaces that have no group, and lets no group be made in them meanwhile.</summary>
    private Change Delete(
        IReadOnlyList<NamespaceState> namespaces, string tenant, string @namespace, Action<Storage.TenantStatements> write, Action remove)
    {
        var closed = namespaces.TakeWhile(n => n.TryClose()).ToList();
        if (closed.Count < namespaces.Count)
        {
            closed.ForEach(n => n.Reopen());
            return new Change(TenantOutcome.HasGroups);
        }

        var change = new TenantWrite(tenant, @namespace, write, () =>
        {
            remove();
            closed.ForEach(n => _access.Remove(AccessLists.Collection(n.Record.TenantId, n.Record.Id)));
        });
        return new Change(TenantOutcome.Deleted, change, () => closed.ForEach(n => n.Reopen()));
    }

    private async Task<TenantOutcome> ChangeAsync(Func<Change> plan, CancellationToken cancellation)
    {
        try
        {
            return await ChangeInTurnAsync(plan).WaitAsync(StoreUnavailableException.Patience, _clock.Time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw StoreUnavailableException.NotAnswered();
        }
    }

    private async Task<TenantOutcome> ChangeInTurnAsync(Func<Change> plan)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            var change = plan();
            if (change.Write is not { } write)
            {
                return change.Outcome;
            }

            _store.Append(write);
            if (!await write.Stored.ConfigureAwait(false))
            {
                change.Undo?.Invoke();
                throw new StoreUnavailableException(_store.Health.Reason ?? "The store refused the change.");
            }

            return change.Outcome;
        }
        finally
        {
            _turn.Release();
        }
    }

    private sealed record Change(TenantOutcome Outcome, TenantWrite? Write = null, Action? Undo = null);
}

/// <summary>What became of a change of tenants or namespaces.</summary>
internal enum TenantOutcome
{
    /// <summary>It was created.</summary>
    Created,

    /// <summary>The same exists already.</summary>
    Same,

    /// <summary>It exists with other members.</summary>
    Differs,

    /// <summary>It has other members now.</summary>
    Set,

    /// <summary>It was deleted.</summary>
    Deleted,

    /// <summary>There is no such tenant or namespace.</summary>
    NotFound,

    /// <summary>It has groups, and was not deleted.</summary>
    HasGroups,

    /// <summary>It is the default one, and was not deleted.</summary>
    IsDefault,
}
