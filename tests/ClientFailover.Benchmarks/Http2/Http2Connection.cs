using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ClientFailover.Benchmarks.Http2;

/// <summary>
/// Responsible for one cleartext HTTP/2 connection that carries many gRPC streams at the least cost: it reads frame
/// headers and message lengths only, and the caller hands it finished frames. A general client takes more processor
/// time a message than the server that is to be measured. For use by one thread.
/// </summary>
internal sealed partial class Http2Connection : IDisposable
{
    private const int DefaultWindow = 65_535;
    private const int MaximumWindow = int.MaxValue;
    private const int InitialWindowSizeSetting = 4;

    private readonly IStreamHandler _handler;
    private readonly OutputBuffer _output = new();
    private readonly List<StreamState> _streams = [];
    private byte[] _input = new byte[128 * 1024];
    private int _inputLength;
    private long _sendWindow = DefaultWindow;
    private int _initialStreamWindow = DefaultWindow;
    private long _unacknowledged;

    /// <summary>Connects and sends what a client says first.</summary>
    /// <param name="endpoint">The server.</param>
    /// <param name="handler">Takes what arrives.</param>
    public Http2Connection(IPEndPoint endpoint, IStreamHandler handler)
    {
        _handler = handler;
        Socket = new Socket(endpoint.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Socket.Connect(endpoint);
        _output.Append("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);

        // No dynamic table, no pushed streams, and windows that never make the server wait.
        ReadOnlySpan<(short Id, int Value)> settings = [(1, 0), (2, 0), (InitialWindowSizeSetting, MaximumWindow)];
        WriteHeader(FrameType.Settings, 0, 0, settings.Length * 6);
        foreach (var (id, value) in settings)
        {
            BinaryPrimitives.WriteInt16BigEndian(_output.Append(2), id);
            BinaryPrimitives.WriteInt32BigEndian(_output.Append(4), value);
        }

        WriteWindowUpdate(MaximumWindow - DefaultWindow);
        Flush();
    }

    /// <summary>The socket, for waiting on many connections at once.</summary>
    public Socket Socket { get; }

    /// <summary>How many streams were opened.</summary>
    public int StreamCount => _streams.Count;

    /// <summary>Opens a stream. It leaves with the next <see cref="Flush"/>.</summary>
    /// <param name="headers">The encoded header block.</param>
    /// <returns>The number of the stream on this connection, from 0.</returns>
    public int Open(ReadOnlySpan<byte> headers)
    {
        var number = _streams.Count;
        _streams.Add(new StreamState(_initialStreamWindow));
        WriteHeader(FrameType.Headers, FrameHeader.EndHeaders, StreamId(number), headers.Length);
        _output.Append(headers);
        return number;
    }

    /// <summary>Adds a DATA frame to what leaves with the next <see cref="Flush"/>.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="payloadLength">Length of the payload: one gRPC message with its prefix.</param>
    /// <returns>Room for the payload.</returns>
    /// <exception cref="InvalidOperationException">The server does not allow more now: it has fallen far behind.</exception>
    public Span<byte> WriteData(int stream, int payloadLength)
    {
        var state = _streams[stream];
        if (_sendWindow < payloadLength || state.SendWindow < payloadLength)
        {
            throw new InvalidOperationException("The server has not taken what was sent: its flow-control window is used up.");
        }

        _sendWindow -= payloadLength;
        state.SendWindow -= payloadLength;
        WriteHeader(FrameType.Data, 0, StreamId(stream), payloadLength);
        return _output.Append(payloadLength);
    }

    /// <summary>Sends what was written, all in one go.</summary>
    public void Flush()
    {
        var rest = _output.Written;
        while (!rest.IsEmpty)
        {
            rest = rest[Socket.Send(rest)..];
        }

        _output.Clear();
    }

    /// <inheritdoc/>
    public void Dispose() => Socket.Dispose();

    private static int StreamId(int number) => (number * 2) + 1;

    private void WriteHeader(FrameType type, byte flags, int streamId, int length) =>
        new FrameHeader(length, type, flags, streamId).Write(_output.Append(FrameHeader.Size));

    private void WriteWindowUpdate(int increment)
    {
        WriteHeader(FrameType.WindowUpdate, 0, 0, 4);
        BinaryPrimitives.WriteInt32BigEndian(_output.Append(4), increment);
    }

    private sealed class StreamState(int sendWindow)
    {
        public long SendWindow { get; set; } = sendWindow;

        public MessageAssembler? Assembler { get; set; }

        public bool Ended { get; set; }
    }

    /// <summary>Header blocks are not decoded: what is legible of them tells enough when a stream fails.</summary>
    private static string Legible(ReadOnlySpan<byte> block)
    {
        var text = new StringBuilder();
        foreach (var value in block)
        {
            text.Append(value is >= 0x20 and < 0x7f ? (char)value : ' ');
        }

        return text.ToString();
    }
}
