using System.Text.Json;

namespace ClientFailover.Samples.OmfReceiver.Omf;

/// <summary>Members that a message must have.</summary>
internal static class JsonMembers
{
    public static string Text(this JsonElement owner, string name) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var member) && member.ValueKind == JsonValueKind.String && member.GetString() is { Length: > 0 } text
            ? text
            : throw RefusedException.Malformed($"'{name}' is missing, or no text.");

    public static JsonElement Member(this JsonElement owner, string name, JsonValueKind kind) =>
        owner.ValueKind == JsonValueKind.Object && owner.TryGetProperty(name, out var member) && member.ValueKind == kind
            ? member
            : throw RefusedException.Malformed($"'{name}' is missing, or no {kind}.");
}
