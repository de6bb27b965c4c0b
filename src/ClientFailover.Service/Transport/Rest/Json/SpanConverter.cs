using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Service.Transport.Rest.Json;

/// <summary>Reads and writes spans of time in .NET's constant format, as the documented REST contract has them.</summary>
/// <param name="member">The member.</param>
/// <param name="isConditional">
/// Whether another member decides if this one counts: what cannot be read is then left to whoever knows both.
/// </param>
internal sealed class SpanConverter(string member, bool isConditional = false) : JsonConverter<Duration>
{
    /// <summary>What is allowed, for people.</summary>
    public const string Allowed = "must be a span of time, [d.]hh:mm:ss[.fffffff]";

    private const int NanosecondsPerTick = 100;

    // Not "c" itself: parsing it also accepts "5" (days) and "1:30" (hours), which are more likely to be mistakes.
    private static readonly string[] Formats =
    [
        @"hh\:mm\:ss",
        @"hh\:mm\:ss\.FFFFFFF",
        @"d\.hh\:mm\:ss",
        @"d\.hh\:mm\:ss\.FFFFFFF",
    ];

    /// <summary>What a conditional member is that cannot be read; no span has so many nanoseconds.</summary>
    public static Duration Unreadable => new() { Nanos = int.MinValue };

    /// <inheritdoc/>
    public override Duration Read(ref Utf8JsonReader reader, System.Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String
            && TextConverter.Read(ref reader, member) is var text
            && !text.EndsWith('.')
            && TimeSpan.TryParseExact(text, Formats, CultureInfo.InvariantCulture, out var span))
        {
            return Duration.FromTimeSpan(span);
        }

        if (!isConditional)
        {
            throw new MemberException(member, Allowed);
        }

        reader.Skip();
        return Unreadable;
    }

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, Duration value, JsonSerializerOptions options)
    {
        Span<char> text = stackalloc char[32];
        var span = new TimeSpan((value.Seconds * TimeSpan.TicksPerSecond) + (value.Nanos / NanosecondsPerTick));
        span.TryFormat(text, out var length, "c", CultureInfo.InvariantCulture);
        writer.WriteStringValue(text[..length]);
    }
}
