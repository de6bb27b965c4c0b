namespace ClientFailover.Samples.Source;

/// <summary>What the source is told on its command line, such as <c>--Mqtt localhost:1883 --Modbus localhost:502</c>.</summary>
internal sealed class SourceOptions
{
    /// <summary>How many signals; default 4, at most 59.</summary>
    public int Signals { get; set; } = 4;

    /// <summary>Values a second of each; default 100.</summary>
    public int Rate { get; set; } = 100;

    /// <summary>Host and port of a broker to publish to, on plant/S0001 and so on; null: none.</summary>
    public string? Mqtt { get; set; }

    /// <summary>Host and port of a Modbus device to write to; null: none.</summary>
    public string? Modbus { get; set; }
}
