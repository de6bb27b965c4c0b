using System.Net;
using System.Text;
using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Reports;

/// <summary>Responsible for the output folder: table, pictures, what processes wrote in runs that broke a bound.</summary>
internal sealed class Output(string folder)
{
    private const string Style = "body{font-family:sans-serif;margin:2em}table{border-collapse:collapse;font-size:13px}td,th{border:1px solid #ccc;padding:3px 7px}"
        + ".bad{background:#fde3e4}figure{margin:2em 0}";

    /// <summary>Where it is.</summary>
    public string Folder { get; } = Path.GetFullPath(folder);

    /// <summary>Writes one run as soon as it is known.</summary>
    /// <param name="result">The run.</param>
    /// <param name="keepsOutput">Whether what its processes wrote is kept, though nothing is wrong.</param>
    public void Write(RunResult result, bool keepsOutput)
    {
        Directory.CreateDirectory(Folder);
        if (Timeline.Draw(result) is { } picture)
        {
            File.WriteAllText(Path.Combine(Folder, $"{result.Id}.svg"), picture);
        }

        if (!result.IsGood || keepsOutput)
        {
            var text = new StringBuilder(result.Error).Append('\n');
            foreach (var adapter in result.Recording?.Adapters ?? [])
            {
                text.Append($"=== {adapter.Name} ({adapter.Kind})\n{adapter.Output}\n");
            }

            foreach (var change in result.Recording?.Events ?? [])
            {
                text.Append($"{change}\n");
            }

            foreach (var broken in result.Recording?.Broken ?? [])
            {
                text.Append($"{broken.From:HH:mm:ss.fff} to {broken.To:HH:mm:ss.fff} {broken.What}\n");
            }

            foreach (var stream in result.Recording?.Streams ?? [])
            {
                text.Append($"{stream.Name}: lost {Spans(stream.Lost)}; nobody's {Spans(stream.Uncollected)}; twice {Spans(stream.Again)}\n");
            }

            text.Append($"=== service\n{result.Recording?.ServiceOutput}\n");
            File.WriteAllText(Path.Combine(Folder, $"{result.Id}.log"), text.ToString());
        }
    }

    /// <summary>Writes the whole.</summary>
    public void Write(IReadOnlyList<RunResult> results)
    {
        Directory.CreateDirectory(Folder);
        File.WriteAllText(Path.Combine(Folder, "continuity.md"), Table.ToMarkdown(results));
        File.WriteAllText(Path.Combine(Folder, "continuity.json"), Table.ToJson(results));
        File.WriteAllText(Path.Combine(Folder, "continuity.html"), ToHtml(results));
    }

    private static string Spans(IReadOnlyList<Span> spans) =>
        string.Join(", ", spans.Take(20).Select(span => $"{span.From:HH:mm:ss.fff}..{span.To:HH:mm:ss.fff} ({span.Values})"));

    private static string ToHtml(IReadOnlyList<RunResult> results)
    {
        var text = new StringBuilder($"<!doctype html><meta charset=utf-8><title>Continuity</title><style>{Style}</style><h1>Continuity</h1>\n<table>\n");
        var lines = Table.ToMarkdown([]).Split('\n');
        text.Append($"<tr>{Cells(lines[0], "th")}</tr>\n");
        foreach (var result in results)
        {
            text.Append($"<tr{(result.IsGood ? "" : " class=bad")}>{Cells(Table.ToLine(result), "td", $"#{result.Id}")}</tr>\n");
        }

        text.Append("</table>\n");
        foreach (var result in results)
        {
            text.Append($"<figure id=\"{result.Id}\">{Timeline.Draw(result)}</figure>\n");
        }

        return text.ToString();
    }

    private static string Cells(string line, string tag, string? link = null)
    {
        var cells = line.Trim().Trim('|').Split('|').Select(cell => WebUtility.HtmlEncode(cell.Trim())).ToArray();
        if (link is not null)
        {
            cells[0] = $"<a href=\"{link}\">{cells[0]}</a>";
        }

        return string.Concat(cells.Select(cell => $"<{tag}>{cell}</{tag}>"));
    }
}
