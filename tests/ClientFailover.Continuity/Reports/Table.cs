using System.Globalization;
using System.Text;
using System.Text.Json;
using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Reports;

/// <summary>Turns results into what people and programs read.</summary>
internal static class Table
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>A table, one line a run.</summary>
    public static string ToMarkdown(IReadOnlyList<RunResult> results)
    {
        var text = new StringBuilder("""
            | fault | mode | adapters | FT s | lost | of | at most: s, because, slack | nobody had | at most: s, because, slack | duplicates: s | at most: s, because, slack | late > 1 s | latest s | takeover s | role changes | |
            |---|---|---|--:|--:|--:|---|--:|---|--:|---|--:|--:|--:|--:|---|

            """);
        foreach (var result in results)
        {
            text.Append(ToLine(result)).Append('\n');
        }

        var bad = results.Count(result => result.BrokenBounds.Count > 0);
        var unjudged = results.Count(result => !result.IsJudged && result.BrokenBounds.Count == 0);
        var retries = results.Sum(result => result.Retries);
        return text.Append(
            CultureInfo.InvariantCulture,
            $"\n{results.Count} runs, {bad} {(bad == 1 ? "breaks" : "break")} a bound, {unjudged} not judged; begun again before their fault: {retries}.\n").ToString();
    }

    /// <summary>The same for programs.</summary>
    public static string ToJson(IReadOnlyList<RunResult> results) => JsonSerializer.Serialize(results, Indented);

    /// <summary>One line of the table.</summary>
    public static string ToLine(RunResult result)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"| {result.Fault} | {result.Mode} | {result.Adapters} | {result.FailoverTimeout:0.#} ");
        if (result.Error is not null || result is not { Bounds: { } bounds, Slack: { } slack })
        {
            return $"{name}| | | | | | | | | | | | {string.Join("; ", [$"not judged: {result.Error?.Split('\n')[0]}", .. Remarks(result)])} |";
        }

        var isHot = result.Mode == nameof(Client.FailoverMode.Hot);
        var lost = isHot ? result.Lost : result.Missing;
        return name + string.Create(
            CultureInfo.InvariantCulture,
            $"| {lost} | {result.Produced} | {Bound(bounds.Loss, bounds.LossBecause, slack.Loss)} | {(isHot ? result.Uncollected : "")} | {(isHot ? Bound(bounds.Uncollected, bounds.UncollectedBecause, slack.Uncollected) : "")} | {result.DuplicateSeconds:0.##} | {Bound(bounds.Duplicates, bounds.DuplicatesBecause, slack.Duplicates)} | {result.Late} | {result.LatestSeconds:0.##} | {result.TakeoverSeconds:0.##} | {result.Promotions} | {string.Join("; ", Remarks(result))} |");
    }

    private static IEnumerable<string> Remarks(RunResult result)
    {
        foreach (var bound in result.BrokenBounds)
        {
            yield return bound;
        }

        if (result.HeldUpSeconds >= 0.05)
        {
            yield return string.Create(CultureInfo.InvariantCulture, $"{(result.IsJudged ? "" : "not judged: ")}machine held up {result.HeldUpSeconds:0.#} s");
        }

        if (result.Retries > 0)
        {
            yield return "begun again before its fault";
        }
    }

    private static string Bound(double seconds, string because, double slack)
    {
        var reason = because.Length > 0 && seconds > 0 ? $": {because}" : "";
        return string.Create(CultureInfo.InvariantCulture, $"{seconds:0.##}{reason}{(slack > 0 ? $"; slack {slack:0.##}" : "")}");
    }
}
