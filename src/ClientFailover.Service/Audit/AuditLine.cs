using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Unicode;

namespace ClientFailover.Service.Audit;

/// <summary>
/// Responsible for the form of the audit: a line of JSON for each entry,
/// <c>{"Time","Who","Scheme","From","Action","Target","Result","Detail","OperationId"}</c>; what is not known is left out.
/// </summary>
internal static class AuditLine
{
    // Names stay readable; what could end a line or move a cursor is escaped.
    private static readonly JsonWriterOptions Format = new() { Encoder = JavaScriptEncoder.Create(UnicodeRanges.All) };

    /// <summary>Writes a line, its end included.</summary>
    /// <param name="output">Receives UTF-8.</param>
    /// <param name="record">The entry.</param>
    public static void Write(IBufferWriter<byte> output, AuditRecord record)
    {
        var entry = record.Entry;
        using (var json = new Utf8JsonWriter(output, Format))
        {
            json.WriteStartObject();
            json.WriteString("Time", record.Time.UtcDateTime);
            WriteIfKnown(json, "Who", entry.Who);
            WriteIfKnown(json, "Scheme", entry.Scheme);
            WriteIfKnown(json, "From", entry.From?.ToString());
            json.WriteString("Action", entry.Action);
            json.WriteString("Target", entry.Target);
            json.WriteString("Result", entry.Result);
            WriteIfKnown(json, "Detail", entry.Detail);
            WriteIfKnown(json, "OperationId", entry.OperationId);
            json.WriteEndObject();
        }

        output.Write("\n"u8);
    }

    private static void WriteIfKnown(Utf8JsonWriter json, string name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }
}
