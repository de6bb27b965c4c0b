using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;
using Serilog.Events;
using Serilog.Formatting;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for lines that programs read: an object of JSON a line, by the names of Serilog's compact form
/// (<c>@t</c> time, <c>@l</c> level, <c>@i</c> event id, <c>@m</c> message, <c>@x</c> exception, <c>@tr</c> and <c>@sp</c> trace and
/// span), then what the message was made of, by name. The message is written out, so that a line can be read without its template.
/// </summary>
internal sealed class JsonLine : ITextFormatter
{
    private static readonly JsonWriterOptions Options = new() { Encoder = CreateEncoder() };

    private readonly ArrayBufferWriter<byte> _buffer = new();

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        _buffer.ResetWrittenCount();
        using (var json = new Utf8JsonWriter(_buffer, Options))
        {
            json.WriteStartObject();
            json.WriteString("@t", logEvent.Timestamp.UtcDateTime.ToString("O", CultureInfo.InvariantCulture));
            json.WriteString("@l", logEvent.Level.ToString());
            json.WriteNumber("@i", EventParts.IdOf(logEvent));
            json.WriteString("@m", MessageOf(logEvent));
            if (logEvent.Exception is { } exception)
            {
                json.WriteString("@x", exception.ToString());
            }

            if (logEvent is { TraceId: { } trace, SpanId: { } span })
            {
                json.WriteString("@tr", trace.ToHexString());
                json.WriteString("@sp", span.ToHexString());
            }

            foreach (var (name, value) in logEvent.Properties)
            {
                if (name != EventParts.IdProperty)
                {
                    json.WritePropertyName(name.StartsWith('@') ? "@" + name : name);
                    Write(json, value);
                }
            }

            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(_buffer.WrittenSpan));
        output.Write('\n');
    }

    private static string MessageOf(LogEvent logEvent)
    {
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        EventParts.WriteMessage(logEvent, text);
        return text.ToString();
    }

    private static void Write(Utf8JsonWriter json, LogEventPropertyValue value)
    {
        switch (value)
        {
            case ScalarValue scalar:
                Write(json, scalar.Value);
                break;
            case SequenceValue sequence:
                json.WriteStartArray();
                foreach (var element in sequence.Elements)
                {
                    Write(json, element);
                }

                json.WriteEndArray();
                break;
            default:
                json.WriteStringValue(value.ToString(null, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void Write(Utf8JsonWriter json, object? scalar)
    {
        switch (scalar)
        {
            case null:
                json.WriteNullValue();
                break;
            case bool flag:
                json.WriteBooleanValue(flag);
                break;
            case sbyte or byte or short or ushort or int or uint or long:
                json.WriteNumberValue(Convert.ToInt64(scalar, CultureInfo.InvariantCulture));
                break;
            case float number when float.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case double number when double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            case DateTime time:
                json.WriteStringValue(time.ToString("O", CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteStringValue(Convert.ToString(scalar, CultureInfo.InvariantCulture));
                break;
        }
    }

    /// <summary>Names stay readable; what cannot be seen and does something is escaped, as in lines of text.</summary>
    private static JavaScriptEncoder CreateEncoder()
    {
        var settings = new TextEncoderSettings(UnicodeRanges.All);
        settings.ForbidCharacters([.. Enumerable.Range(0, char.MaxValue + 1).Select(c => (char)c).Where(c => !VisibleText.IsPlain(c))]);
        return JavaScriptEncoder.Create(settings);
    }
}
