using System.Diagnostics.Metrics;

namespace ClientFailover.Service.Limits;

/// <summary>Responsible for counting what limits refused, as <c>clientfailover.limits.refused</c> with the label <c>limit</c>.</summary>
internal sealed class LimitMeter : IDisposable
{
    /// <summary>Name of the meter.</summary>
    public const string MeterName = "ClientFailover.Service";

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

    /// <summary>Open streams of events, health and reflection of one caller or tenant.</summary>
    public const string Watches = "watches";

    /// <summary>A connection whose requests went on being refused.</summary>
    public const string Persistence = "persistence";

    /// <summary>A connection on which requests were made only to be reset.</summary>
    public const string Resets = "resets";

    private readonly Meter _meter;
    private readonly Counter<long> _refused;

    /// <summary>Creates it.</summary>
    /// <param name="meters">Makes the meter.</param>
    public LimitMeter(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _refused = _meter.CreateCounter<long>("clientfailover.limits.refused", "{refusal}", "What a limit refused or slowed down.");
    }

    /// <summary>A limit was met.</summary>
    /// <param name="limit">Which: one of the constants here.</param>
    public void Refused(string limit) => _refused.Add(1, new KeyValuePair<string, object?>("limit", limit));

    /// <inheritdoc/>
    public void Dispose() => _meter.Dispose();
}
