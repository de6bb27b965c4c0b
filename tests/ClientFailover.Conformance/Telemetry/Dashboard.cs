using System.Text.Json;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>Responsible for reading the dashboard as Grafana does.</summary>
internal sealed class Dashboard
{
    private readonly JsonElement _root;

    private Dashboard(JsonElement root) => _root = root;

    /// <summary>Every panel, rows among them.</summary>
    public IEnumerable<JsonElement> Panels => _root.GetProperty("panels").EnumerateArray();

    /// <summary>Names of its variables.</summary>
    public IEnumerable<string> Variables => _root.GetProperty("templating").GetProperty("list").EnumerateArray().Select(v => v.GetProperty("name").GetString()!);

    /// <summary>Every query, with its panel's title and its variables filled in.</summary>
    /// <param name="window">What <c>$__rate_interval</c> is, and every other time that is looked back.</param>
    public IEnumerable<(string Panel, string Expression)> Queries(string window) =>
        from panel in Panels
        where panel.TryGetProperty("targets", out _)
        from target in panel.GetProperty("targets").EnumerateArray()
        select (panel.GetProperty("title").GetString()!, target.GetProperty("expr").GetString()!
            .Replace("$__rate_interval", window, StringComparison.Ordinal)
            .Replace("[1h]", $"[{window}]", StringComparison.Ordinal)
            .Replace("$job", "client-failover", StringComparison.Ordinal)
            .Replace("$instance", ".*", StringComparison.Ordinal));

    /// <summary>Reads the file.</summary>
    public static Dashboard Load() => new(JsonDocument.Parse(File.ReadAllText(MonitoringFiles.Of("dashboard.json"))).RootElement);
}
