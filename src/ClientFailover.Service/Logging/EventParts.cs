using System.Globalization;
using Serilog.Core;
using Serilog.Events;
using Serilog.Formatting.Display;

namespace ClientFailover.Service.Logging;

/// <summary>Responsible for what lines of all forms take from an event.</summary>
internal static class EventParts
{
    /// <summary>Name of the property that has the id.</summary>
    public const string IdProperty = "EventId";

    // Text as it is: in quotes, names of groups would not read as the rest of the message.
    private static readonly MessageTemplateTextFormatter Plain = new("{Message:l}", CultureInfo.InvariantCulture);

    /// <summary>Writes the message for people.</summary>
    /// <param name="logEvent">The event.</param>
    /// <param name="output">Receives it, with whatever callers have put into it.</param>
    public static void WriteMessage(LogEvent logEvent, TextWriter output) => Plain.Format(logEvent, output);

    /// <summary>Who logged it.</summary>
    /// <param name="logEvent">The event.</param>
    /// <returns>The category.</returns>
    public static string CategoryOf(LogEvent logEvent) =>
        logEvent.Properties.GetValueOrDefault(Constants.SourceContextPropertyName) is ScalarValue { Value: string category } ? category : "-";

    /// <summary>Which message it is.</summary>
    /// <param name="logEvent">The event.</param>
    /// <returns>The event id; 0: it has none.</returns>
    public static int IdOf(LogEvent logEvent) =>
        logEvent.Properties.GetValueOrDefault(IdProperty) is StructureValue parts
            && parts.Properties.FirstOrDefault(p => p.Name == "Id")?.Value is ScalarValue { Value: int id }
            ? id
            : 0;
}
