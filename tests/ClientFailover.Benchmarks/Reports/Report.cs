using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace ClientFailover.Benchmarks.Reports;

/// <summary>Turns measurements into what people and programs read.</summary>
/// <param name="sections">The measurements by benchmark, in the order they were made.</param>
internal sealed class Report(IReadOnlyList<ReportSection> sections)
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>A table for the README.</summary>
    /// <returns>Markdown.</returns>
    public string ToMarkdown()
    {
        var text = new StringBuilder("| benchmark | what | measured | target |\n|---|---|---|---|\n");
        foreach (var section in sections)
        {
            foreach (var measurement in section.Measurements)
            {
                text.Append(CultureInfo.InvariantCulture, $"| {section.Benchmark} | {measurement.What} | {Figure(measurement.Value, measurement.Unit)} | {Judge(measurement)} |\n");
            }
        }

        return text.Append(CultureInfo.InvariantCulture, $"\n{Machine()}\n").ToString();
    }

    /// <summary>The same for programs.</summary>
    /// <returns>JSON.</returns>
    public string ToJson() => JsonSerializer.Serialize(new { Machine = Machine(), Sections = sections }, Indented);

    private static string Judge(Measurement measurement) => measurement.Target is not { } target
        ? ""
        : $"{(target.AtLeast ? "at least" : "at most")} {Figure(target.Limit, measurement.Unit)}{(measurement.Reached == true ? "" : " (missed)")}";

    private static string Figure(double value, string unit)
    {
        var format = Math.Abs(value) switch
        {
            >= 1000 => "N0",
            >= 100 => "0",
            >= 10 => "0.#",
            _ => "0.##",
        };
        return $"{value.ToString(format, CultureInfo.InvariantCulture)} {unit}".TrimEnd();
    }

    private static string Machine() =>
        $"{Environment.ProcessorCount} cores, {RuntimeInformation.OSDescription}, {RuntimeInformation.FrameworkDescription}, "
        + "servers and load generator on the same machine.";
}

/// <summary>What one benchmark measured.</summary>
/// <param name="Benchmark">Its name.</param>
/// <param name="Measurements">The figures.</param>
internal sealed record ReportSection(string Benchmark, IReadOnlyList<Measurement> Measurements);
