using System.Globalization;

namespace ClientFailover.Conformance.Telemetry;

/// <summary>What a scrape answers.</summary>
internal static class ScrapedText
{
    /// <summary>The value of a series.</summary>
    /// <param name="text">The answer.</param>
    /// <param name="metric">Its metric.</param>
    /// <param name="labels">Some of its labels, as they are written.</param>
    /// <returns>The value of the first that fits; null: there is none.</returns>
    public static double? Value(string text, string metric, params string[] labels) => text.Split('\n')
        .Where(l => l.StartsWith(metric, StringComparison.Ordinal) && l[metric.Length] is '{' or ' ' && labels.All(x => l.Contains(x, StringComparison.Ordinal)))
        .Select(l => (double?)double.Parse(l.Split(' ')[^1], CultureInfo.InvariantCulture))
        .FirstOrDefault();
}
