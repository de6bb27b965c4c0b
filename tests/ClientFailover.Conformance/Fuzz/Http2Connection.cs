using System.Buffers.Binary;
using System.Net.Sockets;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>Responsible for the frames of one connection of HTTP/2.</summary>
internal sealed class Http2Connection : IDisposable
{
    /// <summary>Types of frames.</summary>
    public const byte Data = 0, Headers = 1, Reset = 3, Settings = 4, Ping = 6, GoAway = 7, WindowUpdate = 8, Continuation = 9;

    /// <summary>Flags of frames.</summary>
    public const byte EndStream = 1, Acknowledgement = 1, EndHeaders = 4, Padded = 8;

    private const int HeaderSize = 9;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>Connects, and allows the service to send whatever it likes.</summary>
    /// <param name="service">Where to.</param>
    /// <param name="patience">Ends all waiting.</param>
    public static async Task<Http2Connection> OpenAsync(Uri service, CancellationToken patience)
    {
        var connection = new Http2Connection();
        await connection._socket.ConnectAsync(service.Host, service.Port, patience);
        return connection;
    }

    /// <summary>The preface, with settings under which answers are plain to read: no table, the greatest windows.</summary>
    public static byte[] Preface()
    {
        var preface = new List<byte>();
        preface.AddRange("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8);
        Write(preface, Settings, 0, 0, [0, 1, 0, 0, 0, 0, 0, 4, 0x7f, 0xff, 0xff, 0xff]);
        Write(preface, WindowUpdate, 0, 0, [0x7f, 0, 0, 0]);
        return [.. preface];
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="target">Where to.</param>
    /// <param name="type">Its type.</param>
    /// <param name="flags">Its flags.</param>
    /// <param name="stream">Its stream.</param>
    /// <param name="payload">What it carries.</param>
    /// <param name="length">How much it claims to carry; null: as much as it does.</param>
    public static void Write(List<byte> target, byte type, byte flags, int stream, ReadOnlySpan<byte> payload, int? length = null)
    {
        var claimed = length ?? payload.Length;
        Span<byte> header = [(byte)(claimed >> 16), (byte)(claimed >> 8), (byte)claimed, type, flags, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32BigEndian(header[5..], stream);
        target.AddRange(header);
        target.AddRange(payload);
    }

    /// <summary>Sends frames; a service that hangs up is no error here.</summary>
    /// <param name="bytes">The frames.</param>
    /// <param name="isLast">Whether nothing follows.</param>
    /// <param name="patience">Ends all waiting.</param>
    public async Task SendAsync(byte[] bytes, bool isLast, CancellationToken patience)
    {
        try
        {
            for (var sent = 0; sent < bytes.Length;)
            {
                sent += await _socket.SendAsync(bytes.AsMemory(sent), patience);
            }

            if (isLast)
            {
                _socket.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    /// <summary>Reads a frame.</summary>
    /// <param name="patience">Ends all waiting.</param>
    /// <returns>The frame; null: the connection ended.</returns>
    public async Task<(byte Type, byte Flags, int Stream, byte[] Payload)?> ReadAsync(CancellationToken patience)
    {
        var header = await TakeAsync(HeaderSize, patience);
        return header is not null && await TakeAsync((header[0] << 16) | (header[1] << 8) | header[2], patience) is { } payload
            ? (header[3], header[4], BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(5)) & int.MaxValue, payload)
            : null;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private async Task<byte[]?> TakeAsync(int length, CancellationToken patience)
    {
        var bytes = new byte[length];
        try
        {
            for (var taken = 0; taken < length;)
            {
                var read = await _socket.ReceiveAsync(bytes.AsMemory(taken), patience);
                if (read == 0)
                {
                    return null;
                }

                taken += read;
            }

            return bytes;
        }
        catch (SocketException)
        {
            return null;
        }
    }
}
