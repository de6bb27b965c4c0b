using System.Diagnostics.Metrics;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tenants;

namespace ClientFailover.Service.Limits;

/// <summary>Responsible for counting what limits refused: <see cref="Instruments.LimitsRefused"/>.</summary>
internal sealed class LimitMeter : IDisposable
{
    /// <summary>Connections of all callers together.</summary>
    public const string Connections = "connections";

    /// <summary>Connections of one address.</summary>
    public const string ConnectionsPerAddress = "connections_per_address";

    /// <summary>New connections of one address in a time.</summary>
    public const string NewConnections = "new_connections";

    /// <summary>Bytes from one address in a time.</summary>
    public const string Input = "input";

    /// <summary>Requests of one caller in a time.</summary>
    public const string Requests = "requests";

    /// <summary>Requests of one namespace in a time.</summary>
    public const string NamespaceRequests = "namespace_requests";

    /// <summary>Bodies and messages that are too large.</summary>
    public const string BodySize = "body_size";

    /// <summary>Bodies of requests that had not ended in time, or of which one caller had too much.</summary>
    public const string Bodies = "bodies";

    /// <summary>Long answers that were not read in time, or of which one caller had too much.</summary>
    public const string Answers = "answers";

    /// <summary>Open streams of events, health and reflection of one caller or tenant.</summary>
    public const string Watches = "watches";

    /// <summary>A connection whose requests went on being refused.</summary>
    public const string Persistence = "persistence";

    /// <summary>Answers to heartbeats of a connection on which all fail.</summary>
    public const string Pace = "pace";

    /// <summary>A connection on which requests were made only to be reset.</summary>
    public const string Resets = "resets";

    /// <summary>Groups of a namespace, and ids of groups.</summary>
    public const string Groups = "groups";

    /// <summary>Sessions of a namespace.</summary>
    public const string Sessions = "sessions";

    /// <summary>Sessions of one group.</summary>
    public const string SessionsPerGroup = "sessions_per_group";

    // Each is a series from the start: of one that begins with a flood, whoever collects would not see that flood.
    private static readonly string[] Limits = [Connections, ConnectionsPerAddress, NewConnections, Input, Requests, NamespaceRequests, BodySize, Bodies, Answers, Watches, Persistence, Pace, Resets, Groups, Sessions, SessionsPerGroup];

    private readonly Meter _meter;
    private readonly long[] _refused = new long[Limits.Length];

    /// <summary>Creates it.</summary>
    /// <param name="meters">Makes the meter.</param>
    public LimitMeter(IMeterFactory meters)
    {
        _meter = meters.Create(ServiceMeter.Name);
        _meter.CreateObservableCounter<long>(
            Instruments.LimitsRefused.Name,
            () => Limits.Select((limit, i) => new Measurement<long>(Volatile.Read(ref _refused[i]), new KeyValuePair<string, object?>("limit", limit))),
            Instruments.LimitsRefused.Unit,
            Instruments.LimitsRefused.Meaning);
    }

    /// <summary>A limit was met.</summary>
    /// <param name="limit">Which: one of the constants here.</param>
    public void Refused(string limit) => Interlocked.Increment(ref _refused[Array.IndexOf(Limits, limit)]);

    /// <summary>A limit of a namespace was met.</summary>
    /// <param name="limit">Which.</param>
    public void Refused(LimitReached limit)
    {
        switch (limit.Kind)
        {
            case LimitKind.Groups or LimitKind.Ids:
                Refused(Groups);
                break;
            case LimitKind.Sessions:
                Refused(Sessions);
                break;
            case LimitKind.SessionsOfGroup:
                Refused(SessionsPerGroup);
                break;
            default:
                // It is being removed: that is no limit.
                break;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
