using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>
/// Reads times as adapters write them and writes them as adapters can read them: always with Z (an offset of zero
/// would be taken for local time) and to 100 ns.
/// </summary>
/// <param name="member">The member.</param>
internal sealed class TimeConverter(string member) : JsonConverter<Timestamp>
{
    private const int NanosecondsPerTick = 100;
    private const int LongestText = 64;

    /// <inheritdoc/>
    public override Timestamp? Read(ref Utf8JsonReader reader, System.Type typeToConvert, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[LongestText];
        if (reader.TokenType == JsonTokenType.String
            && TryCopy(ref reader, text, out var length)
            && Rfc3339.TryParse(text[..length], out var time))
        {
            // The first instant of year 1 is how an adapter says that there is none.
            return time.Ticks == 0 ? null : Timestamp.FromDateTime(time);
        }

        throw new MemberException(member, "must be a time such as 2026-11-23T02:53:08.9522134Z");
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Timestamp value, JsonSerializerOptions options)
    {
        var ticks = (value.Seconds * TimeSpan.TicksPerSecond) + (value.Nanos / NanosecondsPerTick);
        writer.WriteStringValue(DateTime.UnixEpoch.AddTicks(ticks));
    }

    private static bool TryCopy(ref Utf8JsonReader reader, scoped Span<char> text, out int length)
    {
        length = 0;
        if (reader.HasValueSequence || reader.ValueIsEscaped)
        {
            // Rare: a text across two buffers, or one with escapes.
            var size = reader.HasValueSequence ? reader.ValueSequence.Length : reader.ValueSpan.Length;
            if (size > text.Length)
            {
                return false;
            }

            try
            {
                length = reader.CopyString(text);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }

        return reader.ValueSpan.Length <= text.Length && Ascii.ToUtf16(reader.ValueSpan, text, out length) == System.Buffers.OperationStatus.Done;
    }
}
