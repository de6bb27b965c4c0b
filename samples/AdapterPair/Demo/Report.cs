using System.Globalization;
using System.Text;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>Responsible for the table at the end of the demo.</summary>
internal static class Report
{
    private const string Legend = """

          takeover: from the kill to the first sample of the other in the file.
          duplicated: both appended it, as the other cannot know the last ones of the dead. A
          destination that keeps one value for each timestamp keeps no duplicate.

        """;

    private static readonly string[] Head = ["killed", "took over", "because", "takeover", "lost", "duplicated"];

    public static string Of(IEnumerable<Takeover> takeovers)
    {
        string[][] rows = [Head, .. takeovers.Select(Row)];
        var widths = Enumerable.Range(0, Head.Length).Select(column => rows.Max(row => row[column].Length)).ToArray();
        var rule = widths.Select(width => new string('-', width)).ToArray();

        var text = new StringBuilder().AppendLine();
        foreach (var row in (string[][])[rows[0], rule, .. rows[1..]])
        {
            // Words to the left, figures to the right.
            text.Append("  ").AppendLine(string.Join("  ", row.Select((cell, column) =>
                column < 3 ? cell.PadRight(widths[column]) : cell.PadLeft(widths[column]))));
        }

        return text.Append(Legend).ToString();
    }

    private static string[] Row(Takeover takeover) =>
    [
        takeover.Killed,
        takeover.Successor,
        takeover.Reason.ToString(),
        string.Create(CultureInfo.InvariantCulture, $"{takeover.Time.TotalSeconds:F2} s"),
        takeover.Lost.ToString(CultureInfo.InvariantCulture),
        takeover.Duplicated.ToString(CultureInfo.InvariantCulture),
    ];
}
