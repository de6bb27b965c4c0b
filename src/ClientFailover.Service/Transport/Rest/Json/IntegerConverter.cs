using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>Writes a whole number as a number, reads it as one or as text, and says which member it was that cannot be read.</summary>
/// <param name="member">The member.</param>
internal sealed class IntegerConverter(string member) : JsonConverter<long?>
{
    /// <inheritdoc/>
    public override long? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number))
        {
            return number;
        }

        return reader.TokenType == JsonTokenType.String
            && long.TryParse(TextConverter.Read(ref reader, member), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number)
                ? number
                : throw new MemberException(member, "must be a whole number");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, long? value, JsonSerializerOptions options) => writer.WriteNumberValue(value!.Value);
}
