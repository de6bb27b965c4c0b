using System.Text.Json;
using System.Text.Json.Nodes;

namespace ClientFailover.Service.Health.Omf;

/// <summary>
/// Responsible for what an endpoint must know before it takes values: types, elements, containers, and how they belong together.
/// In PI AF: <c>Client Failover Services</c> > the service > its health.
/// </summary>
internal sealed class OmfStructure
{
    private const string Product = "Client Failover";

    private readonly OmfMessage[] _messages;

    /// <summary>The structure of a service.</summary>
    /// <param name="names">Its names.</param>
    /// <param name="port">Where it listens.</param>
    /// <param name="version">Its version.</param>
    public OmfStructure(OmfNames names, int port, string version)
    {
        _messages =
        [
            Message(OmfKind.Type, OmfTypes.Create()),
            Message(OmfKind.Static, Instances(names, port, version)),
            Message(OmfKind.Container, Containers(names)),
            Message(OmfKind.Link, Links(names)),
        ];
    }

    /// <summary>The message of a kind; there is none of <see cref="OmfKind.Data"/>.</summary>
    /// <param name="kind">The kind.</param>
    public OmfMessage this[OmfKind kind] => _messages[(int)kind];

    private static OmfMessage Message(OmfKind kind, JsonArray body) => new(kind, JsonSerializer.SerializeToUtf8Bytes(body));

    private static JsonArray Instances(OmfNames names, int port, string version)
    {
        return
        [
            Values(OmfNames.RootType, Instance(OmfNames.Root, OmfNames.Root)),
            Values(OmfNames.ServiceType, Detailed(names.Service, "Client Failover Service Health")),
            Values(OmfNames.HealthType, Detailed(names.Health, "Client Failover Health")),
        ];

        JsonObject Detailed(string id, string description)
        {
            var instance = Instance(id, description);
            instance["End Point"] = $"https://{names.Machine}:{port}/api/v1/";
            instance["Host"] = names.Machine;
            instance["Type"] = Product;
            instance["Version"] = version;
            return instance;
        }
    }

    private static JsonObject Instance(string id, string description) => new() { ["Id"] = id, ["Name"] = id, ["Description"] = description };

    private static JsonArray Containers(OmfNames names) =>
    [
        Container(names.Diagnostics, OmfNames.DiagnosticsType, "System"),
        Container(names.Status, OmfNames.StatusType, "DeviceStatus"),
        Container(names.Count, OmfNames.CountType, "FailoverObjectCount"),
        Container(names.Next, OmfNames.NextType, "NextHealthMessageExpected"),
    ];

    private static JsonObject Container(string id, string type, string name) => new() { ["id"] = id, ["typeid"] = type, ["name"] = name };

    private static JsonArray Links(OmfNames names)
    {
        var service = (OmfNames.ServiceType, names.Service);
        var health = (OmfNames.HealthType, names.Health);
        return
        [
            Values(
                "__Link",
                Link((OmfNames.RootType, OmfNames.Root), Element(service)),
                Link(service, Element(health)),
                Link(service, Stream(names.Diagnostics)),
                Link(health, Stream(names.Status)),
                Link(health, Stream(names.Count)),
                Link(health, Stream(names.Next))),
        ];
    }

    private static JsonObject Link((string Type, string Index) source, JsonObject target) => new() { ["source"] = Element(source), ["target"] = target };

    private static JsonObject Element((string Type, string Index) element) => new() { ["typeid"] = element.Type, ["index"] = element.Index };

    private static JsonObject Stream(string container) => new() { ["containerid"] = container };

    private static JsonObject Values(string type, params JsonNode?[] values) => new() { ["typeid"] = type, ["values"] = new JsonArray(values) };
}
