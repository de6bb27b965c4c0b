using ClientFailover.Client.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientFailover.Client.Hosting;

/// <summary>Responsible for putting an adapter together from the services of a host.</summary>
internal static class AdapterFactory
{
    public static FailoverAdapter Create(IServiceProvider services)
    {
        var components = services.GetServices<IAdapterComponent>().ToList();
        if (components.Count == 0)
        {
            throw new InvalidOperationException("The adapter has no component: call AddComponent on what AddFailoverAdapter returns.");
        }

        var egress = services.GetService<IEgress>()
            ?? throw new InvalidOperationException("The adapter has no egress: call UseEgress on what AddFailoverAdapter returns.");
        return new FailoverAdapter(
            services.GetRequiredService<IOptions<FailoverOptions>>().Value,
            components,
            egress,
            services.GetService<TimeProvider>(),
            services.GetService<ILoggerFactory>(),
            services.GetService<FakeFailoverService>());
    }
}
