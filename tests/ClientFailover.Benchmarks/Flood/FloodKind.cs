namespace ClientFailover.Benchmarks.Flood;

/// <summary>What a caller floods the service with.</summary>
internal enum FloodKind
{
    /// <summary>Requests with valid credentials.</summary>
    Requests,

    /// <summary>Requests without credentials.</summary>
    Strangers,

    /// <summary>Heartbeats with valid credentials, of a session of its own.</summary>
    Heartbeats,

    /// <summary>Requests over HTTP/2 that are reset at once.</summary>
    Resets,

    /// <summary>Pings over HTTP/2.</summary>
    Pings,

    /// <summary>New connections over TLS.</summary>
    Handshakes,

    /// <summary>New connections over TLS, each for one heartbeat with valid credentials.</summary>
    Visits,
}
