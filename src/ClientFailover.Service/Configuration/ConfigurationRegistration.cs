using ClientFailover.Service.Hosting;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Configuration;

/// <summary>Composition of this folder.</summary>
internal static class ConfigurationRegistration
{
    /// <summary>
    /// Adds the configuration that is changed while the service runs. Needs an <see cref="IGroupStore"/>, which the groups
    /// open: add it after them; and what <see cref="HostingRegistration"/> adds.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddConfiguration(this IServiceCollection services) => services
        .AddSingleton<SecretProtection>()
        .AddSingleton<ConfigurationStore>()
        .AddHostedService<ConfigurationLifetime>();
}
