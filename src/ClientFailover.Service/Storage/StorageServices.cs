using ClientFailover.Service.Liveness;
using ClientFailover.Service.Telemetry;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClientFailover.Service.Storage;

/// <summary>Registers the store.</summary>
internal static class StorageServices
{
    /// <summary>
    /// Adds <see cref="IGroupStore"/>. The database is opened by <see cref="IGroupStore.LoadAsync"/>, not before, and
    /// marked as cleanly stopped when the container is disposed.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The options, to be bound by the host.</returns>
    public static OptionsBuilder<StoreOptions> AddGroupStore(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddPulses();
        services.AddMeters();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<StoreOptions>, StoreOptionsValidator>());
        services.TryAddSingleton<IGroupStore, SqliteGroupStore>();
        return services.AddOptions<StoreOptions>().ValidateOnStart();
    }
}
