using System.Buffers.Binary;

namespace ClientFailover.Benchmarks.Http2;

/// <summary>The nine bytes before each HTTP/2 frame.</summary>
/// <param name="Length">Bytes of payload that follow.</param>
/// <param name="Type">What the frame is.</param>
/// <param name="Flags">Flags, whose meaning depends on the type.</param>
/// <param name="StreamId">The stream; 0: the connection.</param>
internal readonly record struct FrameHeader(int Length, FrameType Type, byte Flags, int StreamId)
{
    /// <summary>Its size on the wire.</summary>
    public const int Size = 9;

    /// <summary>On DATA and HEADERS: the last frame of this direction.</summary>
    public const byte EndStream = 0x1;

    /// <summary>On SETTINGS and PING: an acknowledgement.</summary>
    public const byte Acknowledgement = 0x1;

    /// <summary>On HEADERS: no continuation follows.</summary>
    public const byte EndHeaders = 0x4;

    /// <summary>On DATA and HEADERS: padding surrounds the payload.</summary>
    public const byte Padded = 0x8;

    /// <summary>Reads one.</summary>
    /// <param name="source">At least <see cref="Size"/> bytes.</param>
    /// <returns>The header.</returns>
    public static FrameHeader Read(ReadOnlySpan<byte> source) => new(
        (source[0] << 16) | (source[1] << 8) | source[2],
        (FrameType)source[3],
        source[4],
        BinaryPrimitives.ReadInt32BigEndian(source[5..]) & int.MaxValue);

    /// <summary>Writes it.</summary>
    /// <param name="target">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> target)
    {
        target[0] = (byte)(Length >> 16);
        target[1] = (byte)(Length >> 8);
        target[2] = (byte)Length;
        target[3] = (byte)Type;
        target[4] = Flags;
        BinaryPrimitives.WriteInt32BigEndian(target[5..], StreamId);
    }
}

/// <summary>Types of HTTP/2 frames, as numbered by RFC 9113.</summary>
internal enum FrameType : byte
{
    /// <summary>A part of a body.</summary>
    Data = 0,

    /// <summary>Headers or trailers.</summary>
    Headers = 1,

    /// <summary>A stream ends abnormally.</summary>
    ResetStream = 3,

    /// <summary>What the sender allows.</summary>
    Settings = 4,

    /// <summary>To be sent back.</summary>
    Ping = 6,

    /// <summary>The connection ends.</summary>
    GoAway = 7,

    /// <summary>The receiver may be sent more.</summary>
    WindowUpdate = 8,
}
