namespace ClientFailover.Service.Telemetry;

/// <summary>Names of what can be sent by OTLP, as the settings have them.</summary>
internal static class OtlpSignals
{
    /// <summary>Metrics.</summary>
    public const string Metrics = "Metrics";

    /// <summary>Traces.</summary>
    public const string Traces = "Traces";

    /// <summary>Lines of the log.</summary>
    public const string Logs = "Logs";

    /// <summary>All of them.</summary>
    public const string All = $"{Metrics},{Traces},{Logs}";

    /// <summary>Reads the setting.</summary>
    /// <param name="text">Names, separated by commas or semicolons.</param>
    /// <returns>The names, as they were written.</returns>
    public static IReadOnlyList<string> Parse(string text) =>
        text.Split([',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
