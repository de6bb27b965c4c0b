using System.Diagnostics.Metrics;
using ClientFailover.Service.Health.Omf;
using ClientFailover.Service.Health.Sending;
using ClientFailover.Service.Limits;

namespace ClientFailover.Service.Health;

/// <summary>
/// Responsible for counting what becomes of health messages: <c>clientfailover.omf.sends</c> with the labels <c>message</c> and
/// <c>result</c>, <c>clientfailover.omf.dropped</c> with <c>reason</c>, <c>clientfailover.omf.endpoints</c> with <c>state</c>.
/// No label is an endpoint's: they come and go, and their names are nobody else's business.
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
        _meter = meters.Create(LimitMeter.MeterName);
        _sends = _meter.CreateCounter<long>(
            "clientfailover.omf.sends", "{request}", "Requests to health endpoints, by what they told (type, static, container, link, data) and result (accepted, refused, failed).");
        _dropped = _meter.CreateCounter<long>(
            "clientfailover.omf.dropped", "{message}", "Health messages that an endpoint never got, by reason (full, refused, removed, stopped).");
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
        "clientfailover.omf.endpoints",
        () =>
        {
            var (reached, failing) = count();
            return [new(reached, new KeyValuePair<string, object?>("state", "reached")), new(failing, new KeyValuePair<string, object?>("state", "failing"))];
        },
        "{endpoint}",
        "Health endpoints, by whether the last request was answered (reached, failing).");

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

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
