using ClientFailover.Client;
using ClientFailover.Conformance.Running;
using ClientFailover.Continuity.Adapters;
using ClientFailover.Continuity.Faults;
using ClientFailover.Continuity.Processes;

namespace ClientFailover.Continuity.Runs;

/// <summary>Responsible for the adapters of one group, not started yet, and for what they leave behind.</summary>
internal sealed class Pair : IAsyncDisposable
{
    private readonly DataFolder _folder = DataFolder.Create();

    /// <summary>Makes them.</summary>
    public Pair(RunPlan plan, Site site, ServiceHost service, DestinationHost destination, string group)
    {
        Group = group;
        Adapters =
        [
            .. plan.Adapters.Select((kind, i) => new AdapterHost(
                Settings(plan, NameOf(i, kind), kind, plan.IsAsleep && i > 0 ? FailoverMode.Warm : plan.Mode, service), () => service.Address, () => site.Source.Address, () => destination.Address)),
        ];
        Scene = new Scene(plan, group, site.Source, service, destination, Adapters);
    }

    public string Group { get; }

    public IReadOnlyList<AdapterHost> Adapters { get; }

    /// <summary>What faults can get at.</summary>
    public Scene Scene { get; }

    public async ValueTask DisposeAsync()
    {
        foreach (var adapter in Adapters)
        {
            await adapter.DisposeAsync();
        }

        _folder.Dispose();
    }

    /// <summary>An adapter of the field is named after its machine and its service.</summary>
    private static string NameOf(int index, AdapterKind kind) => $"{(char)('a' + index)}{(kind == AdapterKind.Field ? ".Modbus" : "")}";

    private AdapterSettings Settings(RunPlan plan, string name, AdapterKind kind, FailoverMode mode, ServiceHost service) => new()
    {
        Group = Group,
        Name = name,
        Life = 0,
        Kind = kind,
        Mode = mode,
        FailoverTimeout = plan.FailoverTimeout,
        Endpoint = ServiceHost.EndpointAt(0),
        UserName = service.User.Name,
        Password = service.User.Password,
        CertificateFile = service.CertificateFile,
        SourcePorts = [],
        Destination = new Uri("http://127.0.0.1/"),
        Folder = Directory.CreateDirectory(_folder.File(name)).FullName,
        StartTime = plan.StartTime,
        EgressInterval = plan.EgressInterval,
        IsSabotaged = plan.IsSabotaged,
    };
}
