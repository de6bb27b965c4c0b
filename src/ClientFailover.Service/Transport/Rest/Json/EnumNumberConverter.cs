using System.Collections.Frozen;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>Writes an enum as its number, and reads its numbers and documented names, in any case, but nothing undefined.</summary>
/// <typeparam name="T">The enum, as generated from the contract: its member names are the documented ones.</typeparam>
/// <param name="member">The member.</param>
internal sealed class EnumNumberConverter<T>(string member) : JsonConverter<T?>
    where T : struct, Enum
{
    // What stands for "not told" where REST's numbers start at 1 is no value that anybody may tell.
    private static readonly T[] Values = [.. Enum.GetValues<T>().Where(v => v.ToString() != "Unspecified")];

    private static readonly FrozenDictionary<string, T> Names = Values.ToFrozenDictionary(v => v.ToString(), StringComparer.OrdinalIgnoreCase);

    private static readonly string Allowed =
        "must be one of " + string.Join(", ", Values.Select(v => string.Create(CultureInfo.InvariantCulture, $"{v} ({v:D})")));

    /// <inheritdoc/>
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var number) && TryGet(number, out var value))
        {
            return value;
        }

        if (reader.TokenType == JsonTokenType.String)
        {
            var text = TextConverter.Read(ref reader, member);
            if (Names.TryGetValue(text, out value)
                || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && TryGet(number, out value)))
            {
                return value;
            }
        }

        throw new MemberException(member, Allowed);
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T? value, JsonSerializerOptions options)
    {
        var defined = value!.Value;
        writer.WriteNumberValue(Unsafe.As<T, int>(ref defined));
    }

    private static bool TryGet(int number, out T value)
    {
        value = Unsafe.As<int, T>(ref number);
        return Array.IndexOf(Values, value) >= 0;
    }
}
