using Serilog.Formatting;

namespace ClientFailover.Service.Logging;

/// <summary>Responsible for the forms that a line of the log may have.</summary>
internal static class LogFormats
{
    /// <summary>A line for people: <see cref="TextLine"/>.</summary>
    public const string Text = "Text";

    /// <summary>A line for programs: <see cref="JsonLine"/>.</summary>
    public const string Json = "Json";

    private static readonly string[] All = [Text, Json];

    /// <summary>Checks the name of a form.</summary>
    /// <param name="setting">The setting that names it.</param>
    /// <param name="name">The name.</param>
    /// <param name="mistakes">Receives the mistake, in plain words.</param>
    public static void Check(string setting, string name, List<string> mistakes)
    {
        if (!All.Contains(name, StringComparer.OrdinalIgnoreCase))
        {
            mistakes.Add($"{setting} is '{name}'; it must be one of {string.Join(", ", All)}.");
        }
    }

    /// <summary>Makes what writes lines of a form.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="forJournal">Whether the journal of systemd reads them.</param>
    /// <returns>The formatter.</returns>
    public static ITextFormatter Create(string name, bool forJournal = false)
    {
        ITextFormatter line = name.Equals(Json, StringComparison.OrdinalIgnoreCase) ? new JsonLine() : new TextLine(forJournal);
        return forJournal ? new JournalLine(line) : line;
    }
}
