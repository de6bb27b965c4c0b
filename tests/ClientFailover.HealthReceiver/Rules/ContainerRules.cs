using System.Text.Json;

namespace ClientFailover.HealthReceiver.Rules;

/// <summary>Responsible for container messages.</summary>
internal static class ContainerRules
{
    /// <returns>Whether any of them was not known.</returns>
    public static bool Apply(OmfState state, OmfMessage message)
    {
        if (message.Action == "delete")
        {
            throw new RefusedException(501, "Containers that are in use are not deleted.");
        }

        var (isNew, ids) = (false, new HashSet<string>());
        foreach (var json in message.Body.EnumerateArray())
        {
            json.Only("id", "typeid", "name", "description", "datasource", "tags", "metadata", "indexes", "propertyoverrides", "extrapolation");
            var (id, typeId) = (json.Text("id"), json.Text("typeid"));
            if (!ids.Add(id))
            {
                throw RefusedException.Malformed($"Container '{id}' is there twice.");
            }

            if (!state.Types.TryGetValue(typeId, out var type) || type.Classification != "dynamic")
            {
                throw new RefusedException(404, $"Container '{id}' is of type '{typeId}', which is no dynamic type that was defined before.");
            }

            if (state.Containers.TryGetValue(id, out var known)
                && (known.Type.Id != typeId || (message.Action == "create" && !JsonElement.DeepEquals(known.Json, json))))
            {
                throw new RefusedException(409, $"Container '{id}' is known, and is another one.");
            }

            isNew |= known is null;
            state.Containers[id] = new OmfContainer(type, json);
        }

        return isNew;
    }
}
