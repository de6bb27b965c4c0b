using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>Reads a text, and nothing else, and says which member it was that cannot be read.</summary>
/// <param name="member">The member.</param>
internal sealed class TextConverter(string member) : JsonConverter<string>
{
    /// <inheritdoc/>
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => Read(ref reader, member);

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);

    /// <summary>Reads a text.</summary>
    /// <param name="reader">At the text.</param>
    /// <param name="member">The member.</param>
    /// <returns>The text.</returns>
    /// <exception cref="MemberException">It is not one.</exception>
    public static string Read(ref Utf8JsonReader reader, string member)
    {
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.PropertyName))
        {
            throw new MemberException(member, "must be a text");
        }

        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Bytes that are not UTF-8, or half a surrogate pair.
            throw new MemberException(member, "must be well-formed text");
        }
    }
}
