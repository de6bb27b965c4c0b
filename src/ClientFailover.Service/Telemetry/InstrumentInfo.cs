namespace ClientFailover.Service.Telemetry;

/// <summary>What a metric is, for whoever reads it.</summary>
/// <param name="Name">Its name in OpenTelemetry; Prometheus writes <c>_</c> for <c>.</c> and adds unit and <c>_total</c>.</param>
/// <param name="Kind">Whether it counts, measures or shows.</param>
/// <param name="Unit">Its unit in UCUM: <c>s</c>, or what is counted in braces.</param>
/// <param name="Meaning">What it tells, in one sentence.</param>
/// <param name="Labels">The labels it has; each has few values, which the service alone chooses.</param>
internal sealed record InstrumentInfo(string Name, InstrumentKind Kind, string Unit, string Meaning, params string[] Labels);

/// <summary>Kinds of metrics.</summary>
internal enum InstrumentKind
{
    /// <summary>Only grows, from the start of the service.</summary>
    Counter,

    /// <summary>A value as it is now.</summary>
    Gauge,

    /// <summary>How often what was measured lay between which bounds.</summary>
    Histogram,
}
