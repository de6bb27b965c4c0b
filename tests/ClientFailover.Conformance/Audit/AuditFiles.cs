using System.Text.Json;

namespace ClientFailover.Conformance.Audit;

/// <summary>Responsible for reading the audit of a service that is not running any more.</summary>
internal static class AuditFiles
{
    /// <summary>All of it, as it is.</summary>
    public static string ReadText(string dataDirectory) => string.Concat(
        Directory.GetFiles(Path.Combine(dataDirectory, "audit"), "audit-*.log").Order(StringComparer.Ordinal).Select(File.ReadAllText));

    /// <summary>Every entry.</summary>
    public static IReadOnlyList<AuditedEntry> Read(string dataDirectory) =>
        [.. ReadText(dataDirectory).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonSerializer.Deserialize<AuditedEntry>(l)!)];
}

/// <summary>An entry of the audit, by the names of its members.</summary>
internal sealed record AuditedEntry(
    DateTime Time, string? Who, string? Scheme, string? From, string Action, string Target, string Result, string? Detail, string? OperationId);
