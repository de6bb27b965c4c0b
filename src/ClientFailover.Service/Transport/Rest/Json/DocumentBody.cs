using System.Buffers;
using System.Text.Json;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Validation;
using Google.Protobuf.Reflection;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>
/// Responsible for reading the body of a document so that all its mistakes are found: what transcoding would stop at is
/// taken out and remembered, and the rest is read as usual. One object where a list is asked for becomes a list.
/// </summary>
/// <param name="body">The field of the request that the body is.</param>
/// <param name="adds">Whether the call adds what the body has.</param>
internal sealed class DocumentBody(FieldDescriptor body, bool adds)
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 64 };

    /// <summary>Reads a body.</summary>
    /// <param name="bytes">Well-formed JSON, an array or an object as <see cref="BodyCheck"/> has it.</param>
    /// <returns>What it comes to.</returns>
    public ReadDocument Read(ReadOnlySequence<byte> bytes)
    {
        var start = new SequenceReader<byte>(bytes);
        using var document = JsonDocument.Parse(start.IsNext("\uFEFF"u8, advancePast: true) ? start.UnreadSequence : bytes, Options);
        var json = new ArrayBufferWriter<byte>();
        var violations = new List<Violation>();
        using (var writer = new Utf8JsonWriter(json))
        {
            var root = document.RootElement;
            if (!body.IsRepeated)
            {
                WriteObject(writer, root, body.MessageType, new Place("", body.Name), violations);
            }
            else
            {
                WriteList(writer, root.ValueKind == JsonValueKind.Array ? [.. root.EnumerateArray()] : [root], violations);
            }
        }

        return new ReadDocument(json.WrittenSpan.ToArray(), violations);
    }

    private static void WriteObject(Utf8JsonWriter writer, JsonElement json, MessageDescriptor message, Place place, List<Violation> violations)
    {
        writer.WriteStartObject();
        if (json.ValueKind == JsonValueKind.Object)
        {
            WriteMembers(writer, json, message, place, violations);
        }
        else
        {
            violations.Add(new Violation(place.Member.Length == 0 ? "The body" : place.Member, place.Field, "must be an object"));
        }

        writer.WriteEndObject();
    }

    private static void WriteMembers(Utf8JsonWriter writer, JsonElement json, MessageDescriptor message, Place place, List<Violation> violations)
    {
        var seen = new HashSet<string>();
        foreach (var (name, value) in Members(json))
        {
            // Unknown members mean nothing, and null means absent.
            var field = message.Fields.InFieldNumberOrder().FirstOrDefault(f => f.JsonName.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (field is null || value.ValueKind == JsonValueKind.Null)
            {
                continue;
            }

            var at = place.Of(field.JsonName, field.Name);
            if (!seen.Add(field.JsonName))
            {
                violations.Add(new Violation(at.Member, at.Field, "must be given once"));
                continue;
            }

            writer.WritePropertyName(field.JsonName);
            WriteValue(writer, value, field, at, violations);
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, JsonElement value, FieldDescriptor field, Place at, List<Violation> violations)
    {
        if (field.IsRepeated)
        {
            writer.WriteStartArray();
            if (value.ValueKind == JsonValueKind.Array)
            {
                foreach (var (index, element) in value.EnumerateArray().Index())
                {
                    WriteObject(writer, element, field.MessageType, Place.InList(at, index), violations);
                }
            }
            else
            {
                violations.Add(new Violation(at.Member, at.Field, "must be an array"));
            }

            writer.WriteEndArray();
        }
        else if (field.FieldType == FieldType.Message)
        {
            WriteObject(writer, value, field.MessageType, at, violations);
        }
        else if (Mistake(value, field) is { } mistake)
        {
            violations.Add(new Violation(at.Member, at.Field, mistake));
            writer.WriteNullValue();
        }
        else
        {
            value.WriteTo(writer);
        }
    }

    private static string? Mistake(JsonElement value, FieldDescriptor field) => field.FieldType switch
    {
        FieldType.Bool => value.ValueKind is JsonValueKind.True or JsonValueKind.False ? null : "must be true or false",
        FieldType.Enum => Text(value) is { } text && Names(field.EnumType).Contains(text, StringComparer.OrdinalIgnoreCase)
            ? null
            : $"must be one of {string.Join(", ", Names(field.EnumType))}",
        FieldType.String => Text(value) is null ? "must be well-formed text" : null,
        _ => throw new ArgumentOutOfRangeException(nameof(field), field.FieldType, "A type that no document has."),
    };

    // Those of the contract without their prefix, as they are documented: LOG_LEVEL_VERBOSE is Verbose.
    private static IEnumerable<string> Names(EnumDescriptor type) => type.Values
        .Where(v => v.Number != 0)
        .Select(v => v.Name[(v.Name.LastIndexOf('_') + 1)..])
        .Select(n => n[0] + n[1..].ToLowerInvariant());

    private static string? Text(JsonElement value)
    {
        try
        {
            return value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are not UTF-8, or half a surrogate pair.
            return null;
        }
    }

    private static IEnumerable<(string Name, JsonElement Value)> Members(JsonElement json)
    {
        foreach (var member in json.EnumerateObject())
        {
            string name;
            try
            {
                name = member.Name;
            }
            catch (InvalidOperationException)
            {
                // Not a text, hence none of the contract's.
                continue;
            }

            yield return (name, member.Value);
        }
    }

    private void WriteList(Utf8JsonWriter writer, IReadOnlyList<JsonElement> elements, List<Violation> violations)
    {
        writer.WriteStartArray();
        foreach (var (index, element) in elements.Index())
        {
            WriteObject(writer, element, body.MessageType, Place.InList(new Place(body.JsonName, body.Name), index, isAlone: adds && elements.Count == 1), violations);
        }

        writer.WriteEndArray();
    }
}

/// <summary>What the body of a document came to.</summary>
/// <param name="Json">The body, as transcoding can read it.</param>
/// <param name="Violations">What was wrong with it, and is not in <paramref name="Json"/>.</param>
internal sealed record ReadDocument(byte[] Json, IReadOnlyList<Violation> Violations);
