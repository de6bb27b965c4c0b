using ClientFailover.Engine;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Groups;

/// <summary>Composition of this folder.</summary>
internal static class GroupServices
{
    /// <summary>Adds the owners of groups, their deadlines, and the watch. Needs an <see cref="IGroupStore"/>.</summary>
    /// <param name="services">The services.</param>
    /// <param name="settings">Settings of the engine.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddGroups(this IServiceCollection services, Func<IServiceProvider, EngineSettings> settings) => services
        .AddSingleton(settings)
        .AddSingleton(p => new ServiceClock(p.GetRequiredService<TimeProvider>()))
        .AddSingleton<DeadlineScheduler>()
        .AddSingleton<DeadlineThread>()
        .AddSingleton<WatchHub>()
        .AddSingleton<OwnerServices>()
        .AddSingleton<GroupDirectory>()
        .AddSingleton<IGroupDirectory>(p => p.GetRequiredService<GroupDirectory>())
        .AddSingleton<IGroupWatch, GroupWatch>()
        .AddHostedService<GroupsLifetime>();
}
