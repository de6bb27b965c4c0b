using ClientFailover.Service.Hosting;
using OpenTelemetry.Resources;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for saying whose telemetry it is, by OpenTelemetry's conventions.</summary>
internal static class TelemetryResource
{
    // The framework's own builder would also read variables of the environment that are no settings of this service.
    private static readonly Lazy<ResourceBuilder> Builder = new(() => ResourceBuilder.CreateEmpty()
        .AddTelemetrySdk()
        .AddService("client-failover", serviceNamespace: null, HelpText.Version, autoGenerateServiceInstanceId: false, Environment.MachineName)
        .AddAttributes([new("host.name", Environment.MachineName)]));

    /// <summary>The resource.</summary>
    public static ResourceBuilder Create() => Builder.Value;
}
