namespace ClientFailover.Benchmarks.Http2;

/// <summary>Takes what arrives on the streams of a connection.</summary>
internal interface IStreamHandler
{
    /// <summary>A whole gRPC message has arrived.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="stream">Number of the stream on its connection, from 0.</param>
    /// <param name="message">The message without its prefix; valid only during the call.</param>
    void OnMessage(Http2Connection connection, int stream, ReadOnlySpan<byte> message);

    /// <summary>The server has ended a stream.</summary>
    /// <param name="connection">Where.</param>
    /// <param name="stream">Number of the stream on its connection, from 0.</param>
    /// <param name="reason">What it said, for people.</param>
    void OnEnded(Http2Connection connection, int stream, string reason);
}
