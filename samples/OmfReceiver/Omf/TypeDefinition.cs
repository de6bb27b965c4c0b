using System.Text.Json;

namespace ClientFailover.Samples.OmfReceiver.Omf;

/// <summary>A dynamic type: what the values of a container are made of.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Json">All of it, as it was sent.</param>
/// <param name="Index">The property that is the time of a value.</param>
/// <param name="Properties">All properties, the index included.</param>
internal sealed record TypeDefinition(string Id, string Json, string Index, IReadOnlyDictionary<string, PropertyFormat> Properties)
{
    public static IReadOnlyList<TypeDefinition> ParseAll(JsonElement body) => [.. body.EnumerateArray().Select(Parse)];

    /// <exception cref="RefusedException">It is no type, or none that this receiver keeps.</exception>
    public static TypeDefinition Parse(JsonElement type)
    {
        var id = type.Text("id");
        if (type.Text("type") != "object" || type.Text("classification") != "dynamic")
        {
            throw RefusedException.NotSupported($"Type '{id}': this receiver keeps objects that are dynamic.");
        }

        var properties = new Dictionary<string, PropertyFormat>(StringComparer.Ordinal);
        var indexes = new List<string>();
        foreach (var property in type.Member("properties", JsonValueKind.Object).EnumerateObject())
        {
            properties[property.Name] = PropertyFormats.Parse(property.Value, property.Name);
            if (property.Value.TryGetProperty("isindex", out var index) && index.ValueKind == JsonValueKind.True)
            {
                indexes.Add(property.Name);
            }
        }

        return indexes.Count == 1 && properties[indexes[0]] == PropertyFormat.Time
            ? new TypeDefinition(id, type.GetRawText(), indexes[0], properties)
            : throw RefusedException.Malformed($"Type '{id}' has not one property of format date-time that is its index.");
    }

    /// <summary>Whether the other says the same, in whatever order.</summary>
    public bool IsSameAs(TypeDefinition other)
    {
        using var mine = JsonDocument.Parse(Json);
        using var others = JsonDocument.Parse(other.Json);
        return JsonElement.DeepEquals(mine.RootElement, others.RootElement);
    }
}
