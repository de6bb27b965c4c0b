using System.Diagnostics;
using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Telemetry;

/// <summary>
/// Responsible for the spans of the service's own: what was committed for a request that is traced, and each takeover. Both are
/// made after the fact, so that nothing has to be carried along for them. A heartbeat over a stream has none.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ServiceTraces(TimeProvider time) : IDisposable
{
    /// <summary>Name of their source.</summary>
    public const string Name = ServiceMeter.Name;

    private readonly ActivitySource _source = new(Name);

    /// <summary>Writes were committed: of each request that is traced, its trace shows how long it waited for the disk.</summary>
    /// <param name="writes">The writes.</param>
    /// <param name="took">How long the commit took.</param>
    public void Committed(IReadOnlyList<StoreWrite> writes, TimeSpan took)
    {
        if (!_source.HasListeners())
        {
            return;
        }

        var end = time.GetUtcNow();
        foreach (var write in writes)
        {
            if (write.Trace.TraceFlags.HasFlag(ActivityTraceFlags.Recorded))
            {
                using var span = _source.StartActivity("commit", ActivityKind.Internal, write.Trace, tags: null, links: null, end - took);
                span?.SetTag("clientfailover.store.writes", writes.Count).SetEndTime(end.UtcDateTime);
            }
        }
    }

    /// <summary>Something happened in a group.</summary>
    /// <param name="group">The group.</param>
    /// <param name="entry">What happened.</param>
    public void Happened(GroupKey group, HistoryEntry entry)
    {
        if (entry.NewRole != Role.Primary || !_source.HasListeners())
        {
            return;
        }

        var decided = new DateTimeOffset(entry.Time, TimeSpan.Zero) - (entry.Takeover ?? TimeSpan.Zero);
        using var span = _source.StartActivity("takeover", ActivityKind.Internal, parentContext: default, tags: null, links: null, decided);
        span?.SetTag("clientfailover.tenant", group.Tenant)
            .SetTag("clientfailover.namespace", group.Namespace)
            .SetTag("clientfailover.group", group.Group)
            .SetTag("clientfailover.session", entry.SessionId)
            .SetTag("clientfailover.term", entry.Term)
            .SetTag("clientfailover.reason", Labels<Reason>.All[(int)entry.Reason])
            .SetTag("clientfailover.detection.duration", entry.Detection?.TotalSeconds)
            .SetEndTime(time.GetUtcNow().UtcDateTime);
    }

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
