using ClientFailover.Benchmarks.Http2;

namespace ClientFailover.Benchmarks.Fleets;

/// <summary>One simulated adapter with its open stream.</summary>
/// <param name="connection">The connection that carries the stream.</param>
/// <param name="stream">Number of the stream on it.</param>
/// <param name="groupId">The adapter's group.</param>
/// <param name="sessionId">The adapter's session.</param>
internal sealed class StreamSession(Http2Connection connection, int stream, string groupId, string sessionId)
{
    /// <summary>The connection that carries the stream.</summary>
    public Http2Connection Connection => connection;

    /// <summary>Number of the stream on it.</summary>
    public int Stream => stream;

    /// <summary>The adapter's group.</summary>
    public string GroupId => groupId;

    /// <summary>The adapter's session.</summary>
    public string SessionId => sessionId;

    /// <summary>Number of the last heartbeat.</summary>
    public long Sequence { get; private set; }

    /// <summary>Writes a heartbeat; it leaves with the next flush of the connection.</summary>
    /// <param name="score">The failover score.</param>
    public void Beat(float score = 100) =>
        HeartbeatTemplate.Write(connection.WriteData(stream, HeartbeatTemplate.Length), ++Sequence, score, DateTime.UtcNow);
}
