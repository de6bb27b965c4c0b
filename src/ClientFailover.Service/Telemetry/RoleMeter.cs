using System.Diagnostics.Metrics;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Telemetry;

/// <summary>Responsible for counting role changes, and for how long a lost Primary was silent and a takeover took.</summary>
internal sealed class RoleMeter
{
    // What lies beyond are reasons of events that change no role.
    private const int Reasons = (int)Reason.HandoverCancelled + 1;

    private readonly long[] _changes = new long[Labels<Role>.All.Count * Reasons];
    private readonly Histogram<double> _detection;
    private readonly Histogram<double> _takeover;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meter">The meter.</param>
    public RoleMeter(ServiceMeter meter)
    {
        meter.Count(Instruments.RoleChanges, Measure);
        _detection = meter.Measure(Instruments.Detection);
        _takeover = meter.Measure(Instruments.Takeover);
    }

    /// <summary>Something happened in a group. For the store's thread: quick.</summary>
    /// <param name="group">The group.</param>
    /// <param name="entry">What happened.</param>
    public void Happened(GroupKey group, HistoryEntry entry)
    {
        if (entry.NewRole is not { } role)
        {
            return;
        }

        var reason = (int)entry.Reason < Reasons ? (int)entry.Reason : 0;
        Interlocked.Increment(ref _changes[((int)role * Reasons) + reason]);
        if (role == Role.Primary)
        {
            Measure(_detection, entry.Detection, reason);
            Measure(_takeover, entry.Takeover, reason);
        }
    }

    private static void Measure(Histogram<double> histogram, TimeSpan? time, int reason)
    {
        if (time is { } value)
        {
            histogram.Record(value.TotalSeconds, new KeyValuePair<string, object?>("reason", Labels<Reason>.All[reason]));
        }
    }

    // Zeros among them: of a series that begins with its first change, nobody sees that one.
    private IEnumerable<Measurement<long>> Measure() => _changes.Select((_, i) => new Measurement<long>(
        Volatile.Read(ref _changes[i]),
        new KeyValuePair<string, object?>("role", Labels<Role>.All[i / Reasons]),
        new KeyValuePair<string, object?>("reason", Labels<Reason>.All[i % Reasons])));
}
