using ClientFailover.Client.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace ClientFailover.Client;

/// <summary>Registers an adapter with a host.</summary>
public static class FailoverServiceCollectionExtensions
{
    /// <summary>Adds an adapter that is configured by a section: the failover facet. A change of its Mode takes effect at run time.</summary>
    /// <param name="services">The services.</param>
    /// <param name="section">The section, as <c>configuration.GetSection("Failover")</c>.</param>
    /// <returns>What the adapter is made of is added to it.</returns>
    public static FailoverAdapterBuilder AddFailoverAdapter(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(section);
        services.AddOptions<FailoverOptions>().Configure(o => FailoverOptionsReader.Read(section, o));
        services.AddSingleton<IValidateOptions<FailoverOptions>>(new SectionRules(section));
        services.AddSingleton<IOptionsChangeTokenSource<FailoverOptions>>(new ConfigurationChangeTokenSource<FailoverOptions>(section));
        return Add(services);
    }

    /// <summary>Adds an adapter that is configured by code.</summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <returns>What the adapter is made of is added to it.</returns>
    public static FailoverAdapterBuilder AddFailoverAdapter(this IServiceCollection services, Action<FailoverOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        services.AddOptions<FailoverOptions>().Configure(configure);
        return Add(services);
    }

    private static FailoverAdapterBuilder Add(IServiceCollection services)
    {
        services.AddOptions<FailoverOptions>().ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<FailoverOptions>, FailoverOptionsRules>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<FailoverMetrics>();
        services.TryAddSingleton(AdapterFactory.Create);
        services.TryAddSingleton(static p => p.GetRequiredService<FailoverAdapter>().Failover);
        services.AddHostedService<FailoverAdapterService>();
        return new FailoverAdapterBuilder(services);
    }
}
