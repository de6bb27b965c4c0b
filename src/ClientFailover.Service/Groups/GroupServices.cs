using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Liveness;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Groups;

/// <summary>Composition of this folder.</summary>
internal static class GroupServices
{
    /// <summary>
    /// Adds the owners of groups, their deadlines, their access control lists, the tenants, and the watch. Needs an <see cref="IGroupStore"/>, the settings of
    /// the engine (<see cref="EngineSettings"/>) and a <see cref="TimeProvider"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddGroups(this IServiceCollection services) => services
        .AddMeters()
        .AddSingleton(p => new ServiceClock(p.GetRequiredService<TimeProvider>()))
        .AddSingleton<DeadlineScheduler>()
        .AddPulses()
        .AddSingleton<DeadlineThread>()
        .AddSingleton<WatchHub>()
        .AddSingleton<AccessLists>()
        .AddSingleton<TenantDirectory>()
        .AddSingleton<OwnerServices>()
        .AddSingleton<GroupDirectory>()
        .AddSingleton<IGroupDirectory>(p => p.GetRequiredService<GroupDirectory>())
        .AddSingleton<IGroupWatch, GroupWatch>()
        .AddHostedService<GroupsLifetime>();
}
