using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Tenants;

/// <summary>A change of tenants or namespaces on its way to the disk.</summary>
/// <param name="tenant">The tenant.</param>
/// <param name="namespace">The namespace; empty: the change is of the tenant.</param>
/// <param name="write">Writes it.</param>
/// <param name="apply">Puts it in force, on the store's thread.</param>
internal sealed class TenantWrite(string tenant, string @namespace, Action<TenantStatements> write, Action apply)
    : StoreWrite(new GroupKey(tenant, @namespace, ""), 0, [], mustBeDurable: true)
{
    private readonly TaskCompletionSource<bool> _stored = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether it was stored; false: it was refused.</summary>
    public Task<bool> Stored => _stored.Task;

    /// <inheritdoc/>
    public override void WriteTo(GroupWriter writer) => write(writer.Tenants);

    /// <inheritdoc/>
    public override void Complete(StoreOutcome outcome, long firstRevision)
    {
        if (outcome == StoreOutcome.Durable)
        {
            apply();
        }

        _stored.TrySetResult(outcome == StoreOutcome.Durable);
    }
}
