using System.Text.Json;

namespace ClientFailover.HealthReceiver.Rules;

/// <summary>Members of JSON objects.</summary>
internal static class Members
{
    public static string Text(this JsonElement owner, string name) =>
        owner.Optional(name) is { } text ? text : throw RefusedException.Malformed($"'{name}' is missing in {owner.GetRawText()}.");

    public static string? Optional(this JsonElement owner, string name)
    {
        if (!owner.TryGetProperty(name, out var member))
        {
            return null;
        }

        return member.ValueKind == JsonValueKind.String && member.GetString() is { Length: > 0 } text
            ? text
            : throw RefusedException.Malformed($"'{name}' is no text in {owner.GetRawText()}.");
    }

    public static bool Flag(this JsonElement owner, string name) => owner.TryGetProperty(name, out var member) && member.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw RefusedException.Malformed($"'{name}' is neither true nor false in {owner.GetRawText()}."),
    };

    public static JsonElement Object(this JsonElement owner, string name) => owner.Of(name, JsonValueKind.Object);

    public static IEnumerable<JsonElement> Array(this JsonElement owner, string name) => owner.Of(name, JsonValueKind.Array).EnumerateArray();

    /// <summary>A keyword that OMF does not have is most likely a misspelt one.</summary>
    public static void Only(this JsonElement owner, params string[] allowed)
    {
        if (owner.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Malformed($"{owner.GetRawText()} is no object.");
        }

        var others = owner.EnumerateObject().Select(m => m.Name).Except(allowed).ToList();
        if (others.Count > 0)
        {
            throw RefusedException.Malformed($"'{string.Join("', '", others)}' is no keyword here: {owner.GetRawText()}");
        }
    }

    private static JsonElement Of(this JsonElement owner, string name, JsonValueKind kind) => owner.TryGetProperty(name, out var member) && member.ValueKind == kind
        ? member
        : throw RefusedException.Malformed($"'{name}' is missing or no {kind} in {owner.GetRawText()}.");
}
