using System.Globalization;
using ClientFailover.Samples.Processes;

namespace ClientFailover.Samples.PlantPair;

/// <summary>Responsible for the two adapters of one group.</summary>
/// <param name="kind">Mqtt or Modbus: the name of the group, of the program's section, and the beginning of the adapters' names.</param>
/// <param name="plant">All else that runs.</param>
internal sealed class Pair(string kind, Plant plant) : IAsyncDisposable
{
    private readonly Dictionary<string, ChildProcess> _adapters = [];

    public string Kind => kind;

    /// <summary>What the ids of its streams begin with.</summary>
    public string StreamPrefix => kind == "Mqtt" ? "mqtt." : "modbus.";

    public IReadOnlyList<string> Names => [$"{kind}-A", $"{kind}-B"];

    public string OtherThan(string name) => Names.Single(other => other != name);

    public void Start(string name)
    {
        var (options, service) = (plant.Options, plant.Service);
        var settings = new Dictionary<string, string>
        {
            ["Failover:FailoverGroupId"] = kind,
            ["Failover:FailoverTimeout"] = options.FailoverTimeout.ToString("c", CultureInfo.InvariantCulture),
            ["Failover:Endpoint"] = service.Endpoint.ToString(),
            ["Failover:TrustedCertificateFile"] = service.CertificateFile,
            ["Failover:UserName"] = service.UserName,
            ["Failover:Transport"] = options.Transport,
            ["Failover:SessionId"] = name,
            ["Failover:Name"] = name,
            ["Failover:Buffer:Directory"] = Path.Combine(plant.Directory, name),
            ["Omf:Endpoint"] = plant.Receiver.Omf.ToString(),
            ["Omf:AdapterName"] = name,
            ["Mqtt:Host"] = "127.0.0.1",
            ["Mqtt:Port"] = $"{plant.Broker.Port}",
            ["Mqtt:ClientId"] = name,
            ["Modbus:Host"] = "127.0.0.1",
            ["Modbus:Port"] = $"{plant.Device.Port}",
            ["Modbus:Signals"] = $"{options.Signals}",
        };
        for (var i = 0; i < options.Signals; i++)
        {
            settings[$"Mqtt:Topics:{i}"] = string.Create(CultureInfo.InvariantCulture, $"plant/S{i + 1:D4}");
        }

        var arguments = settings.SelectMany(setting => new[] { $"--{setting.Key}", setting.Value });
        _adapters[name] = new ChildProcess(
            OwnPrograms.Host,
            OwnPrograms.Start($"samples/{kind}Adapter", arguments),
            line => plant.Log(name, line),
            new Dictionary<string, string> { ["Failover__Password"] = service.Password });
    }

    /// <summary>Kills one without warning.</summary>
    /// <returns>When it was dead.</returns>
    public async Task<DateTimeOffset> KillAsync(string name)
    {
        await _adapters[name].KillAsync();
        return TimeProvider.System.GetUtcNow();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var adapter in _adapters.Values)
        {
            await adapter.DisposeAsync();
        }
    }
}
