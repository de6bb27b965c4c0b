using ClientFailover.Service.Health.Omf;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Health;

/// <summary>Responsible for looking how the service is. For one thread.</summary>
/// <param name="names">The names that it is told under.</param>
/// <param name="count">Counts groups and sessions.</param>
/// <param name="data">The data directory, whose volume is looked at.</param>
/// <param name="time">The clock.</param>
internal sealed class HealthSampler(OmfNames names, Func<ObjectCount> count, DataDirectory data, TimeProvider time)
{
    private DateTime _last;

    /// <summary>Looks.</summary>
    /// <param name="status">What to say of the whole.</param>
    /// <returns>What was seen.</returns>
    public HealthSample Take(DeviceStatus status)
    {
        // Where it goes, the time is what a value is known by: two must not have the same.
        var now = time.GetUtcNow().UtcDateTime;
        _last = now == _last ? now.AddTicks(1) : now;
        return new HealthSample(_last, OmfData.Create(names, _last, status, count(), ProcessFigures.Read(data.Path)));
    }
}
