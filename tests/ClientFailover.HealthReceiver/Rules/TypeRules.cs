using System.Text.Json;

namespace ClientFailover.HealthReceiver.Rules;

/// <summary>Responsible for type messages.</summary>
internal static class TypeRules
{
    private static readonly Dictionary<string, string[]> Formats = new()
    {
        ["boolean"] = [""],
        ["integer"] = ["int32", "int64", "int16", "uint64", "uint32", "uint16"],
        ["number"] = ["float32", "float64", "float16"],
        ["string"] = ["", "date-time"],
    };

    /// <returns>Whether any of them was not known.</returns>
    public static bool Apply(OmfState state, OmfMessage message)
    {
        if (message.Action != "create")
        {
            throw new RefusedException(501, "Types that are in use are not updated or deleted.");
        }

        var isNew = false;
        foreach (var json in message.Body.EnumerateArray())
        {
            var type = Parse(state, json);
            if (!state.Types.TryGetValue(type.Id, out var known))
            {
                state.Types.Add(type.Id, type);
                isNew = true;
            }
            else if (!JsonElement.DeepEquals(known.Json, json))
            {
                throw new RefusedException(409, $"Type '{type.Id}' is known, and is another one.");
            }
        }

        return isNew;
    }

    private static OmfType Parse(OmfState state, JsonElement json)
    {
        json.Only("id", "version", "classification", "type", "name", "description", "tags", "metadata", "enum", "extrapolation", "properties");
        var id = json.Text("id");
        if (id.StartsWith("__", StringComparison.Ordinal))
        {
            throw RefusedException.Malformed($"Type '{id}': ids that begin with __ are OMF's own.");
        }

        if (json.TryGetProperty("enum", out _))
        {
            json.Only("id", "version", "name", "description", "tags", "metadata", "enum");
            return new OmfType(id, null, json, new Dictionary<string, OmfProperty>(), null, Enumeration(json.Object("enum")));
        }

        var classification = json.Text("classification");
        if (json.Text("type") != "object" || classification is not ("static" or "dynamic"))
        {
            throw RefusedException.Malformed($"Type '{id}' is neither a static nor a dynamic object.");
        }

        var properties = json.Object("properties").EnumerateObject().ToDictionary(p => p.Name, p => Property(state, id, p));
        var index = Single(id, json, "isindex") ?? throw RefusedException.Malformed($"Type '{id}' has no index.");
        Single(id, json, "isname");
        if (classification == "dynamic" && properties[index] is not { Type: "string", Format: "date-time" })
        {
            throw RefusedException.Malformed($"Type '{id}' is dynamic, and its index is no date-time.");
        }

        return new OmfType(id, classification, json, properties, index, null);
    }

    private static string? Single(string id, JsonElement json, string qualifier)
    {
        var marked = json.Object("properties").EnumerateObject().Where(p => p.Value.Flag(qualifier)).Select(p => p.Name).ToList();
        return marked.Count <= 1 ? marked.FirstOrDefault() : throw RefusedException.Malformed($"Type '{id}' has several properties with {qualifier}.");
    }

    private static HashSet<long> Enumeration(JsonElement json)
    {
        json.Only("type", "format", "values");
        var format = json.Optional("format") ?? "int16";
        var (names, values) = (new HashSet<string>(), new HashSet<long>());
        foreach (var value in json.Array("values"))
        {
            value.Only("name", "value");
            var isInteger = value.TryGetProperty("value", out var number) && Formatted.Fits(number, "integer", format);
            if ((json.Optional("type") ?? "integer") != "integer" || !isInteger || !names.Add(value.Text("name")) || !values.Add(number.GetInt64()))
            {
                throw RefusedException.Malformed($"Values of an enumeration have names and integers of their own: {json.GetRawText()}");
            }
        }

        return values.Count > 0 ? values : throw RefusedException.Malformed("An enumeration has no values.");
    }

    private static OmfProperty Property(OmfState state, string id, JsonProperty property)
    {
        var json = property.Value;
        json.Only("type", "format", "reftypeid", "isindex", "isname", "isquality", "name", "description", "uom", "minimum", "maximum", "interpolation", "extrapolation");
        if (json.Optional("reftypeid") is { } reference)
        {
            if (json.TryGetProperty("type", out _) || json.TryGetProperty("format", out _))
            {
                throw RefusedException.Malformed($"'{property.Name}' of '{id}' has a type of its own and that of another.");
            }

            return state.Types.TryGetValue(reference, out var known) && known.Enumeration is { } allowed
                ? new OmfProperty("integer", "int16", allowed)
                : throw new RefusedException(404, $"'{property.Name}' of '{id}' refers to '{reference}', which is no enumeration that was defined before.");
        }

        var type = json.Text("type");
        var formats = Formats.GetValueOrDefault(type) ?? throw RefusedException.Malformed($"'{property.Name}' of '{id}' is of type '{type}'.");
        var format = json.Optional("format") ?? formats[0];
        return formats.Contains(format) ? new OmfProperty(type, format, null) : throw RefusedException.Malformed($"'{property.Name}' of '{id}': '{type}' has no format '{format}'.");
    }
}
