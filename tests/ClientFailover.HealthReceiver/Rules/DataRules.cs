using System.Text.Json;

namespace ClientFailover.HealthReceiver.Rules;

/// <summary>Responsible for data messages: values, elements, links.</summary>
internal static class DataRules
{
    private const string Link = "__Link";

    /// <returns>Always true: values are new.</returns>
    public static bool Apply(OmfState state, OmfMessage message, bool keepsElements)
    {
        if (message.Action == "delete")
        {
            throw new RefusedException(501, "Nothing is deleted here.");
        }

        foreach (var part in message.Body.EnumerateArray())
        {
            if (part.TryGetProperty("containerid", out _))
            {
                part.Only("containerid", "values");
                AddValues(state, message.Action, part);
                continue;
            }

            part.Only("typeid", "values");
            if (!keepsElements)
            {
                throw new RefusedException(403, "This endpoint keeps neither elements nor links.") { BreaksARule = false };
            }

            if (part.Text("typeid") == Link)
            {
                AddLinks(state, part);
            }
            else
            {
                AddElements(state, message.Action, part);
            }
        }

        return true;
    }

    private static void AddValues(OmfState state, string action, JsonElement part)
    {
        var id = part.Text("containerid");
        if (!state.Containers.TryGetValue(id, out var container))
        {
            throw new RefusedException(404, $"Container '{id}' was not defined before.");
        }

        var indexes = new HashSet<string>();
        foreach (var value in Values(part, container.Type))
        {
            var index = value.GetProperty(container.Type.Index!).GetString()!;
            if (!indexes.Add(index))
            {
                throw RefusedException.Malformed($"Container '{id}' gets two values of {index} in one message.");
            }

            if (!state.Indexes.TryGetValue((id, index), out var place))
            {
                state.Indexes.Add((id, index), state.Values.Count);
                state.Values.Add(new StoredValue(id, index, value));
            }
            else if (JsonElement.DeepEquals(state.Values[place].Json, value))
            {
                // Whoever did not get an answer sends it again.
                state.Repeated++;
            }
            else if (action == "create")
            {
                throw new RefusedException(409, $"Container '{id}' has another value of {index}.");
            }
            else
            {
                state.Values[place] = new StoredValue(id, index, value);
            }
        }
    }

    private static void AddElements(OmfState state, string action, JsonElement part)
    {
        var id = part.Text("typeid");
        if (!state.Types.TryGetValue(id, out var type) || type.Classification != "static")
        {
            throw new RefusedException(404, $"'{id}' is no static type that was defined before.");
        }

        var indexes = new HashSet<string>();
        foreach (var value in Values(part, type))
        {
            var index = value.GetProperty(type.Index!).GetString()!;
            if (index.Length == 0 || !indexes.Add(index))
            {
                throw RefusedException.Malformed($"'{index}' is no index, or is there twice.");
            }

            var key = $"{id}/{index}";
            if (action == "create" && state.Elements.TryGetValue(key, out var known) && !JsonElement.DeepEquals(known, value))
            {
                throw new RefusedException(409, $"Element '{key}' is known, and is another one.");
            }

            state.Elements[key] = value;
        }
    }

    /// <summary>Every property of the type, and no other: one that is left out would be given a default by some endpoints and be kept by others.</summary>
    private static IEnumerable<JsonElement> Values(JsonElement part, OmfType type)
    {
        var values = part.Array("values").ToList();
        if (values.Count == 0)
        {
            throw RefusedException.Malformed("There are no values.");
        }

        foreach (var value in values)
        {
            value.Only([.. type.Properties.Keys]);
            foreach (var (name, property) in type.Properties)
            {
                if (!value.TryGetProperty(name, out var member))
                {
                    throw RefusedException.Malformed($"'{name}' of '{type.Id}' is missing in {value.GetRawText()}.");
                }

                if (!Formatted.Fits(member, property))
                {
                    throw RefusedException.Malformed($"'{name}' of '{type.Id}' is {member.GetRawText()}, which is no {property.Type} {property.Format}.");
                }
            }

            yield return value;
        }
    }

    private static void AddLinks(OmfState state, JsonElement part)
    {
        foreach (var link in part.Array("values"))
        {
            link.Only("source", "target");
            var source = Element(state, link.Object("source"));
            var target = link.Object("target");
            if (!target.TryGetProperty("containerid", out _))
            {
                state.Links.Add(new StoredLink(source, Element(state, target)));
                continue;
            }

            target.Only("containerid");
            var container = target.Text("containerid");
            state.Links.Add(state.Containers.ContainsKey(container)
                ? new StoredLink(source, container)
                : throw new RefusedException(404, $"A link ends at container '{container}', which was not defined before."));
        }
    }

    private static string Element(OmfState state, JsonElement end)
    {
        end.Only("typeid", "index");
        var key = $"{end.Text("typeid")}/{end.Text("index")}";
        return state.Elements.ContainsKey(key) ? key : throw new RefusedException(404, $"A link ends at element '{key}', which was not sent before.");
    }
}
