using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Groups;

/// <summary>
/// Responsible for the order of starting and stopping: groups are restored before the first request is answered, and
/// no deadline runs out before they are or after the last request was.
/// </summary>
/// <param name="store">Where the groups come from.</param>
/// <param name="directory">Where they go.</param>
/// <param name="tenants">The namespaces that they are in.</param>
/// <param name="access">Who may do what with them.</param>
/// <param name="hub">Starts at the store's revision.</param>
/// <param name="scheduler">Their deadlines.</param>
/// <param name="deadlines">The thread of their deadlines.</param>
/// <param name="lifetime">Tells when the service stops.</param>
internal sealed class GroupsLifetime(
    IGroupStore store,
    GroupDirectory directory,
    TenantDirectory tenants,
    AccessLists access,
    WatchHub hub,
    DeadlineScheduler scheduler,
    DeadlineThread deadlines,
    IHostApplicationLifetime lifetime) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        var stored = await store.LoadAsync(cancellationToken).ConfigureAwait(false);
        tenants.Restore(await store.LoadTenantsAsync(cancellationToken).ConfigureAwait(false));
        access.Restore(await store.LoadAccessListsAsync(cancellationToken).ConfigureAwait(false));
        hub.StartAt(store.Revision);
        access.Removed += hub.BeginAnew;
        directory.Restore(stored);
        scheduler.Everybody = () => directory.Owners;

        // Stopping takes a while, in which adapters cannot be heard: nobody is lost by it.
        lifetime.ApplicationStopping.Register(deadlines.Dispose);
        deadlines.Start();
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        deadlines.Dispose();
        return Task.CompletedTask;
    }
}
