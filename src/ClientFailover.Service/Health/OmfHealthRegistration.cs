using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Health.Access;
using ClientFailover.Service.Health.Faults;
using ClientFailover.Service.Health.Omf;
using ClientFailover.Service.Health.Sending;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Health;

/// <summary>Composition of this folder.</summary>
internal static class OmfHealthRegistration
{
    /// <summary>
    /// Adds what tells health endpoints how the service is. Needs the groups, their store, the configuration, and what
    /// <see cref="HostingRegistration"/> adds. A feature takes part in the status by an <see cref="IFaultSource"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <returns>The services.</returns>
    public static IServiceCollection AddOmfHealth(this IServiceCollection services) => services
        .AddSingleton<IFaultSource, CertificateFault>()
        .AddSingleton<IFaultSource, StoreFault>()
        .AddSingleton(_ => new OmfNames(Environment.MachineName))
        .AddSingleton(p => new HealthSampler(
            p.GetRequiredService<OmfNames>(),
            p.GetRequiredService<GroupDirectory>().Count,
            p.GetRequiredService<DataDirectory>(),
            p.GetRequiredService<TimeProvider>()))
        .AddSingleton<OmfMeter>()
        .AddSingleton(p => new SenderServices(
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<OmfMeter>(), p.GetRequiredService<ILogger<EndpointSender>>(), Random.Shared.NextDouble))
        .AddSingleton(CreateSenders)
        .AddHostedService<HealthReporter>();

    private static EndpointSenders CreateSenders(IServiceProvider provider)
    {
        var services = provider.GetRequiredService<SenderServices>();
        var protection = provider.GetRequiredService<SecretProtection>();
        var (names, listeners) = (provider.GetRequiredService<OmfNames>(), provider.GetRequiredService<Listeners>());

        // Not before the service listens: with port 0 the system chooses one.
        var structure = new Lazy<OmfStructure>(() => new OmfStructure(names, listeners.SecurePort, HelpText.Version));
        var senders = new EndpointSenders(endpoint => new EndpointSender(endpoint, structure.Value, NewClient(endpoint), services));
        services.Meter.Observe(() => (senders.Current.Count(s => s.IsReached == true), senders.Current.Count(s => s.IsReached == false)));
        return senders;

        OmfClient NewClient(HealthEndpoint endpoint) => new(
            new Uri(endpoint.Endpoint),
            EndpointHandlers.Create(endpoint),
            EndpointAccess.Create(endpoint, protection, services.Time),
            services.Time,
            services.Log);
    }
}
