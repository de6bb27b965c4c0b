using System.Text.Json.Nodes;

namespace ClientFailover.Service.Health.Omf;

/// <summary>
/// Responsible for the types. They must never change: an endpoint that knows one of these ids otherwise refuses it with 409.
/// </summary>
internal static class OmfTypes
{
    private const string Integer = "integer", Number = "number", Text = "string";

    /// <summary>The types, each after those that it refers to.</summary>
    /// <returns>The body of a type message.</returns>
    public static JsonArray Create() =>
    [
        Enumeration(OmfNames.StatusEnum, Enum.GetValues<DeviceStatus>().Select(s => (s.ToString(), (int)s))),
        Static(OmfNames.RootType),
        Static(OmfNames.ServiceType, "End Point", "Host", "Type", "Version"),
        Static(OmfNames.HealthType, "End Point", "Host", "Type", "Version"),
        Dynamic(
            OmfNames.DiagnosticsType,
            ("ProcessIdentifier", Of(Integer, "int32")),
            ("StartTime", Of(Text, "date-time")),
            ("WorkingSet", Of(Number, "float64")),
            ("TotalProcessorTime", Of(Number, "float64")),
            ("TotalUserProcessorTime", Of(Number, "float64")),
            ("TotalPrivilegedProcessorTime", Of(Number, "float64")),
            ("ThreadCount", Of(Integer, "int32")),
            ("HandleCount", Of(Integer, "int32")),
            ("ManagedMemorySize", Of(Number, "float64")),
            ("PrivateMemorySize", Of(Number, "float64")),
            ("PeakPagedMemorySize", Of(Number, "float64")),
            ("StorageTotalSize", Of(Number, "float64")),
            ("StorageFreeSpace", Of(Number, "float64"))),
        Dynamic(OmfNames.StatusType, ("DeviceStatus", new JsonObject { ["reftypeid"] = OmfNames.StatusEnum })),
        Dynamic(OmfNames.CountType, ("Groups", Of(Integer, "int32")), ("Sessions", Of(Integer, "int32"))),
        Dynamic(OmfNames.NextType, ("NextHealthMessageExpected", Of(Text, "date-time"))),
    ];

    private static JsonObject Enumeration(string id, IEnumerable<(string Name, int Value)> values) => new()
    {
        ["id"] = id,
        ["enum"] = new JsonObject
        {
            ["values"] = new JsonArray([.. values.Select(v => new JsonObject { ["name"] = v.Name, ["value"] = v.Value })]),
        },
    };

    private static JsonObject Static(string id, params string[] more)
    {
        var properties = new JsonObject { ["Id"] = Of(Text), ["Name"] = Of(Text), ["Description"] = Of(Text) };
        properties["Id"]!["isindex"] = true;
        properties["Name"]!["isname"] = true;
        foreach (var name in more)
        {
            properties[name] = Of(Text);
        }

        return Object(id, "static", properties);
    }

    private static JsonObject Dynamic(string id, params (string Name, JsonObject Property)[] values)
    {
        var properties = new JsonObject { [OmfNames.Timestamp] = Of(Text, "date-time") };
        properties[OmfNames.Timestamp]!["isindex"] = true;
        foreach (var (name, property) in values)
        {
            properties[name] = property;
        }

        return Object(id, "dynamic", properties);
    }

    private static JsonObject Object(string id, string classification, JsonObject properties) =>
        new() { ["id"] = id, ["type"] = "object", ["classification"] = classification, ["properties"] = properties };

    // A number without a format would be kept as float32.
    private static JsonObject Of(string type, string? format = null) =>
        format is null ? new JsonObject { ["type"] = type } : new JsonObject { ["type"] = type, ["format"] = format };
}
