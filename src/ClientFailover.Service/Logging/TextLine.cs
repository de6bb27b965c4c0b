using System.Globalization;
using Serilog.Events;
using Serilog.Formatting;

namespace ClientFailover.Service.Logging;

/// <summary>
/// Responsible for lines that people read, <c>2026-11-24T18:20:11.831Z INF ClientFailover.Service.Groups.GroupOwner[1001]: message</c>:
/// UTC, level, category, event id, message. An exception follows in lines of its own that begin with blanks, so that no text in it
/// can pass for a line of the log. For the journal all is one line, without the time, which the journal has.
/// </summary>
/// <param name="forJournal">Whether it is for the journal of systemd.</param>
internal sealed class TextLine(bool forJournal = false) : ITextFormatter
{
    private const string Indent = "    ";

    /// <inheritdoc/>
    public void Format(LogEvent logEvent, TextWriter output)
    {
        if (!forJournal)
        {
            output.Write(logEvent.Timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", CultureInfo.InvariantCulture));
        }

        output.Write(NameOf(logEvent.Level));
        output.Write(' ');
        VisibleText.Write(output, EventParts.CategoryOf(logEvent));
        output.Write('[');
        output.Write(EventParts.IdOf(logEvent));
        output.Write("]: ");
        EventParts.WriteMessage(logEvent, new VisibleWriter(output));
        if (logEvent.Exception is { } exception)
        {
            Write(exception, output);
        }

        output.Write('\n');
    }

    private static string NameOf(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "VRB",
        LogEventLevel.Debug => "DBG",
        LogEventLevel.Information => "INF",
        LogEventLevel.Warning => "WRN",
        LogEventLevel.Error => "ERR",
        _ => "FTL",
    };

    private void Write(Exception exception, TextWriter output)
    {
        foreach (var line in exception.ToString().AsSpan().EnumerateLines())
        {
            output.Write(forJournal ? " | " : "\n" + Indent);
            VisibleText.Write(output, line.Trim());
        }
    }
}
