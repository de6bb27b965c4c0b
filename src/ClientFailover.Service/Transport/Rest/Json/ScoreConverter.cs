using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>Reads a finite number, also one that is written as text; no names for what is not a number.</summary>
/// <param name="member">The member.</param>
internal sealed class ScoreConverter(string member) : JsonConverter<float?>
{
    /// <inheritdoc/>
    public override float? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var value = float.NaN;
        var isRead = reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetSingle(out value),
            JsonTokenType.String => float.TryParse(
                TextConverter.Read(ref reader, member), NumberStyles.Float, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
        return isRead && float.IsFinite(value) ? value : throw new MemberException(member, "must be a finite number");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, float? value, JsonSerializerOptions options) => writer.WriteNumberValue(value!.Value);
}
