using System.Text.Json;

namespace ClientFailover.Samples.OmfReceiver.Omf;

/// <summary>What values of a property look like.</summary>
internal enum PropertyFormat
{
    Text,
    Time,
    Float32,
    Float64,
    Int16,
    Int32,
    Int64,
    UInt16,
    UInt32,
    UInt64,
    Boolean,
}

/// <summary>Responsible for reading formats, and for telling whether a value is of one.</summary>
internal static class PropertyFormats
{
    public static PropertyFormat Parse(JsonElement property, string name)
    {
        var format = property.TryGetProperty("format", out _) ? property.Text("format") : "";
        return (property.Text("type"), format) switch
        {
            ("string", "") => PropertyFormat.Text,
            ("string", "date-time") => PropertyFormat.Time,
            ("number", "" or "float32") => PropertyFormat.Float32,
            ("number", "float64") => PropertyFormat.Float64,
            ("integer", "int16") => PropertyFormat.Int16,
            ("integer", "" or "int32") => PropertyFormat.Int32,
            ("integer", "int64") => PropertyFormat.Int64,
            ("integer", "uint16") => PropertyFormat.UInt16,
            ("integer", "uint32") => PropertyFormat.UInt32,
            ("integer", "uint64") => PropertyFormat.UInt64,
            ("boolean", "") => PropertyFormat.Boolean,
            var (type, other) => throw RefusedException.NotSupported($"'{name}' is of type '{type}', format '{other}', which this receiver does not keep."),
        };
    }

    public static bool Fits(this PropertyFormat format, JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => format == PropertyFormat.Text || (format == PropertyFormat.Time && value.TryGetDateTimeOffset(out _)),
        JsonValueKind.True or JsonValueKind.False => format == PropertyFormat.Boolean,
        JsonValueKind.Number => format switch
        {
            PropertyFormat.Float32 => value.TryGetSingle(out var number) && float.IsFinite(number),
            PropertyFormat.Float64 => value.TryGetDouble(out var number) && double.IsFinite(number),
            PropertyFormat.Int16 => value.TryGetInt16(out _),
            PropertyFormat.Int32 => value.TryGetInt32(out _),
            PropertyFormat.Int64 => value.TryGetInt64(out _),
            PropertyFormat.UInt16 => value.TryGetUInt16(out _),
            PropertyFormat.UInt32 => value.TryGetUInt32(out _),
            PropertyFormat.UInt64 => value.TryGetUInt64(out _),
            _ => false,
        },
        _ => false,
    };
}
