using System.Diagnostics.Metrics;
using ClientFailover.Service.Health.Omf;
using ClientFailover.Service.Health.Sending;
using ClientFailover.Service.Telemetry;

namespace ClientFailover.Service.Health;

/// <summary>
/// Responsible for counting what becomes of health messages: <see cref="Instruments.OmfSends"/>,
/// <see cref="Instruments.OmfDropped"/> and <see cref="Instruments.OmfEndpoints"/>. No label is an endpoint's: they come and go, and
/// their names are nobody else's business.
/// </summary>
internal sealed class OmfMeter : IDisposable
{
    private readonly Meter _meter;
    private readonly Counter<long> _sends;
    private readonly Counter<long> _dropped;

    /// <summary>Creates it.</summary>
    /// <param name="meters">Makes the meter.</param>
    public OmfMeter(IMeterFactory meters)
    {
        _meter = meters.Create(ServiceMeter.Name);
        _sends = Count(Instruments.OmfSends);
        _dropped = Count(Instruments.OmfDropped);
    }

    /// <summary>A request has come to its end.</summary>
    /// <param name="kind">What it told.</param>
    /// <param name="verdict">What to do about the answer.</param>
    public void Sent(OmfKind kind, Verdict verdict) => _sends.Add(1, new("message", Name(kind)), new("result", Name(verdict)));

    /// <summary>A message is dropped.</summary>
    /// <param name="reason">Why.</param>
    public void Dropped(DropReason reason) => _dropped.Add(1, new KeyValuePair<string, object?>("reason", Name(reason)));

    /// <summary>Tells how many endpoints are in which state, whenever that is asked.</summary>
    /// <param name="count">Counts those that are reached and those that fail.</param>
    public void Observe(Func<(int Reached, int Failing)> count) => _meter.CreateObservableGauge<int>(
        Instruments.OmfEndpoints.Name,
        () =>
        {
            var (reached, failing) = count();
            return [new(reached, new KeyValuePair<string, object?>("state", "reached")), new(failing, new KeyValuePair<string, object?>("state", "failing"))];
        },
        Instruments.OmfEndpoints.Unit,
        Instruments.OmfEndpoints.Meaning);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    private Counter<long> Count(InstrumentInfo info) => _meter.CreateCounter<long>(info.Name, info.Unit, info.Meaning);

    private static string Name(OmfKind kind) => kind switch
    {
        OmfKind.Type => "type",
        OmfKind.Static => "static",
        OmfKind.Container => "container",
        OmfKind.Link => "link",
        _ => "data",
    };

    private static string Name(Verdict verdict) => verdict switch
    {
        Verdict.Accepted => "accepted",
        Verdict.Retry => "failed",
        _ => "refused",
    };

    private static string Name(DropReason reason) => reason switch
    {
        DropReason.Full => "full",
        DropReason.Refused => "refused",
        DropReason.Removed => "removed",
        _ => "stopped",
    };
}
