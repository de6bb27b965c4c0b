using System.Diagnostics.Metrics;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for showing whether the store can be written.</summary>
internal sealed class StoreStateMeter
{
    /// <summary>Makes the instrument.</summary>
    /// <param name="meter">The meter.</param>
    /// <param name="store">The store.</param>
    public StoreStateMeter(ServiceMeter meter, IGroupStore store) =>
        meter.Show(Instruments.StoreWritable, () => [new Measurement<long>(store.Health.Writable ? 1 : 0)]);
}
