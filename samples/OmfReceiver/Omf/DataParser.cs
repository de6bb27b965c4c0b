using System.Text.Json;
using ClientFailover.Samples.OmfReceiver.Storage;

namespace ClientFailover.Samples.OmfReceiver.Omf;

/// <summary>Responsible for reading values, and for each being what its container's type says.</summary>
internal static class DataParser
{
    /// <summary>The property that numbers the values of a stream without holes; a type need not have it.</summary>
    private const string Sequence = "Sequence";

    /// <exception cref="RefusedException">404: a container is unknown; 400: a value is not of its type.</exception>
    public static IReadOnlyList<Row> Parse(JsonElement body, IReadOnlyDictionary<string, Container> containers)
    {
        var rows = new List<Row>();
        foreach (var stream in body.EnumerateArray())
        {
            if (stream.ValueKind == JsonValueKind.Object && stream.TryGetProperty("typeid", out _))
            {
                throw RefusedException.NotSupported("This receiver keeps no static data and no links.");
            }

            var id = stream.Text("containerid");
            if (!containers.TryGetValue(id, out var container))
            {
                throw new RefusedException(StatusCodes.Status404NotFound, $"Container '{id}' is unknown.");
            }

            rows.AddRange(stream.Member("values", JsonValueKind.Array).EnumerateArray().Select(value => Parse(value, container)));
        }

        return rows;
    }

    private static Row Parse(JsonElement value, Container container)
    {
        if (value.ValueKind != JsonValueKind.Object)
        {
            throw RefusedException.Malformed($"A value of '{container.Id}' is no object.");
        }

        long? time = null;
        long? sequence = null;
        foreach (var property in value.EnumerateObject())
        {
            if (!container.Type.Properties.TryGetValue(property.Name, out var format))
            {
                throw RefusedException.Malformed($"'{property.Name}' is no property of '{container.Type.Id}'.");
            }

            if (!format.Fits(property.Value))
            {
                throw RefusedException.Malformed($"'{property.Name}' of '{container.Id}' is {property.Value.GetRawText()}, which is no {format}.");
            }

            if (property.Name == container.Type.Index)
            {
                time = property.Value.GetDateTimeOffset().UtcTicks;
            }
            else if (property.Name == Sequence && property.Value.TryGetInt64(out var number))
            {
                sequence = number;
            }
        }

        return new Row(
            container.Key,
            time ?? throw RefusedException.Malformed($"A value of '{container.Id}' has no {container.Type.Index}."),
            sequence,
            value.GetRawText());
    }
}
