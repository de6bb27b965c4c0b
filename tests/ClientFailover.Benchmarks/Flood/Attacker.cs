using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using ClientFailover.Benchmarks.Http1;

namespace ClientFailover.Benchmarks.Flood;

/// <summary>Responsible for one caller that floods the service, as a process of its own, from an address of its own.</summary>
internal static class Attacker
{
    /// <summary>The word on the command line that makes this program the attacker.</summary>
    public const string Command = "flood";

    /// <summary>What it says when it has begun.</summary>
    public const string ReadyLine = "floods";

    private const int Connections = 64;
    private const int AtOnce = 50;

    private static readonly IPAddress Own = IPAddress.Parse("127.0.0.2");

    /// <summary>Floods until it is killed.</summary>
    /// <param name="kind">With what.</param>
    /// <param name="target">Where to.</param>
    /// <param name="authorization">Whose credentials.</param>
    public static async Task RunAsync(FloodKind kind, IPEndPoint target, string authorization)
    {
        var floods = Enumerable.Range(0, Connections).Select(_ => Task.Run(() => ForeverAsync(kind, target, authorization))).ToList();
        Console.WriteLine(ReadyLine);
        await Task.WhenAll(floods);
    }

    private static async Task ForeverAsync(FloodKind kind, IPEndPoint target, string authorization)
    {
        while (true)
        {
            try
            {
                using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(Own, 0));
                await socket.ConnectAsync(target);
                await (kind switch
                {
                    FloodKind.Handshakes => ShakeHandsAsync(socket),
                    FloodKind.Visits => VisitAsync(socket, target, authorization),
                    _ => FloodAsync(kind, socket, target, authorization),
                });
            }
            catch (Exception e) when (e is IOException or SocketException or System.Security.Authentication.AuthenticationException)
            {
                // Cut off: comes again at once.
            }
        }
    }

    // It does not know the certificate, and goes: by then the service has done the most expensive part.
    private static async Task ShakeHandsAsync(Socket socket)
    {
        using var tls = new SslStream(new NetworkStream(socket));
        await tls.AuthenticateAsClientAsync("localhost");
    }

    private static async Task VisitAsync(Socket socket, IPEndPoint target, string authorization)
    {
        using var tls = new SslStream(new NetworkStream(socket), leaveInnerStreamOpen: false, (_, shown, _, _) => shown is not null);
        await tls.AuthenticateAsClientAsync("localhost");
        await tls.WriteAsync(Heartbeat(target, authorization));
        await tls.ReadAtLeastAsync(new byte[1024], minimumBytes: 1, throwOnEndOfStream: false);
    }

    private static async Task FloodAsync(FloodKind kind, Socket socket, IPEndPoint target, string authorization)
    {
        var reading = DiscardAsync(socket);
        if (kind is FloodKind.Resets or FloodKind.Pings)
        {
            await socket.SendAsync((byte[])[.. "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8, .. Frame(4, 0, 0, [])]);
        }

        byte[] same = kind switch
        {
            FloodKind.Requests => Many(RestRequest.Encode(target, "GET", "/api/v1/clientfailover", authorization)),
            FloodKind.Strangers => Many(RestRequest.Encode(target, "GET", "/api/v1/clientfailover", null)),
            FloodKind.Heartbeats => Many(Heartbeat(target, authorization)),
            FloodKind.Pings => Many(Frame(6, 0, 0, new byte[8])),
            _ => [],
        };
        for (var stream = 1; !reading.IsCompleted && stream > 0; stream += 2 * AtOnce)
        {
            await SendAllAsync(socket, kind == FloodKind.Resets ? Resets(stream, authorization) : same);
        }
    }

    private static async Task SendAllAsync(Socket socket, ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length > 0)
        {
            bytes = bytes[await socket.SendAsync(bytes)..];
        }
    }

    private static async Task DiscardAsync(Socket socket)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await socket.ReceiveAsync(buffer) > 0)
            {
                // What it says does not matter.
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut off.
        }
    }

    private static byte[] Heartbeat(IPEndPoint target, string authorization) => RestRequest.Encode(
        target, "POST", "/api/v1/clientfailover/groups/flood/clientsessions/flood/heartbeat", authorization, """{"FailoverScore":100}""");

    private static byte[] Many(byte[] one) => [.. Enumerable.Repeat(one, AtOnce).SelectMany(b => b)];

    private static byte[] Resets(int first, string authorization)
    {
        byte[] headers =
        [
            .. Literal(":method", "GET"), .. Literal(":scheme", "http"), .. Literal(":path", "/api/v1/clientfailover"), .. Literal(":authority", "localhost"),
            .. Literal("authorization", authorization),
        ];
        return
        [
            .. Enumerable.Range(0, AtOnce).SelectMany(i => (byte[])[.. Frame(1, 5, first + (2 * i), headers), .. Frame(3, 0, first + (2 * i), [0, 0, 0, 8])]),
        ];
    }

    private static byte[] Frame(byte type, byte flags, int stream, byte[] payload) =>
    [
        0, (byte)(payload.Length >> 8), (byte)payload.Length, type, flags,
        (byte)(stream >> 24), (byte)(stream >> 16), (byte)(stream >> 8), (byte)stream, .. payload,
    ];

    private static byte[] Literal(string name, string value) =>
        [0, (byte)name.Length, .. Encoding.ASCII.GetBytes(name), (byte)value.Length, .. Encoding.ASCII.GetBytes(value)];
}
