using System.Buffers.Binary;
using System.Text;

namespace ClientFailover.Conformance.Limits;

/// <summary>HTTP/2 frames (RFC 9113) as no client library would send them.</summary>
internal static class Http2Frames
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte Priority = 2;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte Ping = 6;
    private const byte WindowUpdate = 8;
    private const byte Continuation = 9;
    private const byte EndHeaders = 4;
    private const byte EndStreamAndHeaders = 5;

    /// <summary>What a connection begins with.</summary>
    public static byte[] Preface { get; } = [.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(Settings, 0, 0, [])];

    /// <summary>Pings.</summary>
    public static byte[] Pings(int count) => Repeat(Frame(Ping, 0, 0, new byte[8]), count);

    /// <summary>Settings.</summary>
    public static byte[] ManySettings(int count) => Repeat(Frame(Settings, 0, 0, []), count);

    /// <summary>Leave to send a byte more.</summary>
    public static byte[] WindowUpdates(int count) => Repeat(Frame(WindowUpdate, 0, 0, [0, 0, 0, 1]), count);

    /// <summary>Words on which streams are to come first.</summary>
    public static byte[] Priorities(int count) => Repeat(Frame(Priority, 0, 1, [0, 0, 0, 0, 16]), count);

    /// <summary>A request whose body goes on, with nothing in any of its parts.</summary>
    public static byte[] EmptyData(int count, params (string Name, string Value)[] more) =>
        [.. Frame(Headers, EndHeaders, 1, Post("/clientfailover.v1.AdapterService/Connect", more)), .. Repeat(Frame(Data, 0, 1, []), count)];

    /// <summary>A request whose headers have no end (CVE-2024-27983 and others).</summary>
    public static byte[] Continuations(int count) =>
        [.. Frame(Headers, 0, 1, Post("/")), .. Repeat(Frame(Continuation, 0, 1, Literal("x-more", new string('x', 100))), count)];

    /// <summary>A request of many headers.</summary>
    public static byte[] ManyHeaders(int count) =>
        Frame(Headers, EndStreamAndHeaders, 1, Post("/", [.. Enumerable.Range(0, count).Select(i => ($"x-{i}", "1"))]));

    /// <summary>Streams that stay open.</summary>
    public static byte[] Streams(int count, params (string Name, string Value)[] more) =>
        [.. Enumerable.Range(0, count).SelectMany(i => Frame(Headers, EndHeaders, 1 + (2 * i), Post("/clientfailover.v1.AdapterService/Connect", more)))];

    /// <summary>Requests, each reset at once (CVE-2023-44487).</summary>
    /// <param name="first">Number of the first stream: odd.</param>
    /// <param name="count">How many.</param>
    /// <param name="method">How they ask.</param>
    /// <param name="path">What they ask for.</param>
    /// <param name="more">What else they say.</param>
    public static byte[] RapidResets(int first, int count, string method, string path, params (string Name, string Value)[] more)
    {
        var headers = Request(method, path, more);

        // What is posted goes on, as a stream does.
        var flags = method == "POST" ? EndHeaders : EndStreamAndHeaders;
        return
        [
            .. Enumerable.Range(0, count).SelectMany(i => (byte[])
            [
                .. Frame(Headers, flags, first + (2 * i), headers),
                .. Frame(ResetStream, 0, first + (2 * i), [0, 0, 0, 8]),
            ]),
        ];
    }

    private static byte[] Post(string path, params (string Name, string Value)[] more) => Request("POST", path, [("content-type", "application/grpc"), .. more]);

    private static byte[] Request(string method, string path, (string Name, string Value)[] more) =>
    [
        .. Literal(":method", method), .. Literal(":scheme", "http"), .. Literal(":path", path), .. Literal(":authority", "localhost"),
        .. more.SelectMany(h => Literal(h.Name, h.Value)),
    ];

    private static byte[] Repeat(byte[] frame, int count) => [.. Enumerable.Repeat(frame, count).SelectMany(f => f)];

    private static byte[] Frame(byte type, byte flags, int stream, ReadOnlySpan<byte> payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame.AsSpan(9));
        return frame;
    }

    /// <summary>A header as HPACK (RFC 7541, 6.2.2) has it without any table: both texts shorter than 127 bytes.</summary>
    private static byte[] Literal(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
}
