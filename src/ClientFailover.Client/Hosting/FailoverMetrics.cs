using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;

namespace ClientFailover.Client.Hosting;

/// <summary>Responsible for the figures of an adapter, as meter <c>ClientFailover.Client</c>.</summary>
internal sealed class FailoverMetrics(IServiceProvider services) : IDisposable
{
    public const string MeterName = "ClientFailover.Client";

    // A host has a factory; a bare collection of services may have none.
    private readonly Meter _meter = services.GetService<IMeterFactory>()?.Create(MeterName) ?? new Meter(MeterName);

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();

    public void Watch(FailoverAdapter adapter)
    {
        _meter.CreateObservableGauge("clientfailover.role", () => (int)adapter.State.Role, null, "0 Secondary, 1 Primary, 2 PendingPrimary.");
        _meter.CreateObservableGauge("clientfailover.score", () => adapter.State.FailoverScore, null, "FailoverScore, 0 to 100.");
        _meter.CreateObservableGauge("clientfailover.buffer.items", () => adapter.Counters.Buffered, "{value}", "Values that are not known to have reached the destination.");
        _meter.CreateObservableGauge("clientfailover.buffer.bytes", () => adapter.BufferedBytes, "By", "About how many bytes these values take, in memory and on disk.");
        _meter.CreateObservableCounter("clientfailover.buffer.dropped", () => adapter.Counters.Dropped, "{value}", "Values that a limit of the buffer forced it to drop.");
        _meter.CreateObservableCounter("clientfailover.collected", () => adapter.Counters.Collected, "{value}", "Values that components published.");
        _meter.CreateObservableCounter("clientfailover.egressed", () => adapter.Counters.Egressed, "{value}", "Values that the destination took.");
        _meter.CreateObservableCounter("clientfailover.rejected", () => adapter.Counters.Rejected, "{value}", "Values that the destination will never take.");
        _meter.CreateObservableCounter("clientfailover.gaps", () => adapter.Counters.Gaps, "{gap}", "Gaps in the data that no other adapter was there to fill.");
    }
}
