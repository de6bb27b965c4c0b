using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ClientFailover.HealthReceiver.Rules;

/// <summary>Responsible for values being of their formats.</summary>
internal static partial class Formatted
{
    public static bool Fits(JsonElement value, OmfProperty property) =>
        Fits(value, property.Type, property.Format) && (property.Allowed is null || property.Allowed.Contains(value.GetInt64()));

    public static bool Fits(JsonElement value, string type, string format) => (type, value.ValueKind) switch
    {
        ("boolean", JsonValueKind.True or JsonValueKind.False) => true,
        ("string", JsonValueKind.String) => format != "date-time" || IsTime(value.GetString()!),
        ("number", JsonValueKind.Number) => format switch
        {
            "float64" => value.TryGetDouble(out var number) && double.IsFinite(number),
            "float32" => value.TryGetSingle(out var number) && float.IsFinite(number),
            _ => value.TryGetDouble(out var number) && Half.IsFinite((Half)number),
        },

        // 1.0 and 1e0 are numbers, but no integers.
        ("integer", JsonValueKind.Number) when Digits().IsMatch(value.GetRawText()) => format switch
        {
            "int16" => value.TryGetInt16(out _),
            "int32" => value.TryGetInt32(out _),
            "int64" => value.TryGetInt64(out _),
            "uint16" => value.TryGetUInt16(out _),
            "uint32" => value.TryGetUInt32(out _),
            "uint64" => value.TryGetUInt64(out _),
            _ => false,
        },
        _ => false,
    };

    // Of PI Web API: UTC and nothing else.
    private static bool IsTime(string text) =>
        Time().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [GeneratedRegex(@"^-?\d+$")]
    private static partial Regex Digits();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?Z$")]
    private static partial Regex Time();
}
