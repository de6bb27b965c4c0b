using ClientFailover.Benchmarks.Processes;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;

namespace ClientFailover.Benchmarks.Expiry;

/// <summary>
/// Responsible for the service's groups in this process, composed as in the service but for the network: owners,
/// deadlines and the database.
/// </summary>
internal sealed class GroupsInProcess : IAsyncDisposable
{
    private readonly DataDirectory _directory = new();
    private readonly ServiceProvider _services;
    private readonly IHostedService[] _hosted;

    /// <summary>Composes them.</summary>
    /// <param name="settings">Settings of the engine.</param>
    public GroupsInProcess(EngineSettings settings)
    {
        var services = new ServiceCollection().AddLogging().AddSingleton(settings).AddGroups();
        services.AddSingleton<IHostApplicationLifetime, ApplicationLifetime>();
        services.AddGroupStore().Configure(store => store.DataDirectory = _directory.Path);
        services.AddSingleton(p => new WatchedStore(ActivatorUtilities.CreateInstance<SqliteGroupStore>(p)));
        services.AddSingleton<IGroupStore>(p => p.GetRequiredService<WatchedStore>());
        _services = services.BuildServiceProvider();
        _hosted = [.. _services.GetServices<IHostedService>()];
    }

    /// <summary>Finds the owners.</summary>
    public IGroupDirectory Directory => _services.GetRequiredService<IGroupDirectory>();

    /// <summary>The store, watched.</summary>
    public WatchedStore Store => _services.GetRequiredService<WatchedStore>();

    /// <summary>Starts what runs by itself.</summary>
    /// <returns>A task that ends when it runs.</returns>
    public async Task StartAsync()
    {
        foreach (var service in _hosted)
        {
            await service.StartAsync(CancellationToken.None);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var service in _hosted)
        {
            await service.StopAsync(CancellationToken.None);
        }

        await _services.DisposeAsync();
        _directory.Dispose();
    }
}
