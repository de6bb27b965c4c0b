using System.Diagnostics.Metrics;
using ClientFailover.Engine;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for counting heartbeats, by the way they came.</summary>
internal sealed class HeartbeatMeter
{
    /// <summary>Makes the counters.</summary>
    /// <param name="meter">The meter.</param>
    public HeartbeatMeter(ServiceMeter meter) =>
        meter.Count(Instruments.Heartbeats, () => [.. Rest.Measure(), .. Grpc.Measure(), .. Stream.Measure()]);

    /// <summary>Over REST.</summary>
    public HeartbeatCounts Rest { get; } = new("rest");

    /// <summary>By unary gRPC calls.</summary>
    public HeartbeatCounts Grpc { get; } = new("grpc");

    /// <summary>Over streams.</summary>
    public HeartbeatCounts Stream { get; } = new("stream");
}

/// <summary>Heartbeats that came one way, by what became of them.</summary>
/// <param name="transport">The way.</param>
internal sealed class HeartbeatCounts(string transport)
{
    /// <summary>Taken.</summary>
    public StripedCounter Accepted { get; } = new();

    /// <summary>Refused as too soon; they count as signs of life.</summary>
    public StripedCounter TooSoon { get; } = new();

    /// <summary>Refused because they are not valid, or their group or session is not there.</summary>
    public StripedCounter Refused { get; } = new();

    /// <summary>Counts a heartbeat that its group has judged.</summary>
    /// <param name="refusal">Why it was refused; null: it was taken.</param>
    public void Count(Refusal? refusal)
    {
        if (refusal is null)
        {
            Accepted.Increment();
        }
        else
        {
            (refusal.Kind == RefusalKind.HeartbeatTooSoon ? TooSoon : Refused).Increment();
        }
    }

    /// <summary>The counts.</summary>
    /// <returns>One for each outcome.</returns>
    public IEnumerable<Measurement<long>> Measure() => [Measure(Accepted, "accepted"), Measure(TooSoon, "too_soon"), Measure(Refused, "refused")];

    private Measurement<long> Measure(StripedCounter counter, string outcome) =>
        new(counter.Value, new KeyValuePair<string, object?>("transport", transport), new KeyValuePair<string, object?>("outcome", outcome));
}
