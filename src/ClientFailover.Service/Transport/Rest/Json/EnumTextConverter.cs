using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>Writes an enum as the documented name, and reads that name in any case.</summary>
/// <typeparam name="T">The enum, as generated from the contract: its member names are the documented ones.</typeparam>
/// <param name="member">The member.</param>
internal sealed class EnumTextConverter<T>(string member) : JsonConverter<T?>
    where T : struct, Enum
{
    private static readonly FrozenDictionary<T, string> Texts = Enum.GetValues<T>().ToFrozenDictionary(v => v, v => v.ToString());

    private static readonly FrozenDictionary<string, T> Values =
        Texts.ToFrozenDictionary(t => t.Value, t => t.Key, StringComparer.OrdinalIgnoreCase);

    /// <inheritdoc/>
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Values.TryGetValue(TextConverter.Read(ref reader, member), out var value)
            ? value
            : throw new MemberException(member, "must be one of " + string.Join(", ", Texts.Values));

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options) =>
        writer.WriteStringValue(Texts.GetValueOrDefault(value!.Value) ?? Texts[default]);
}
