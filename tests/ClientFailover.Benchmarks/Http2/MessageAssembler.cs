using System.Buffers.Binary;

namespace ClientFailover.Benchmarks.Http2;

/// <summary>Puts the gRPC messages of one stream together when they are spread over several frames.</summary>
internal sealed class MessageAssembler
{
    /// <summary>Compression flag and length, before each message.</summary>
    public const int PrefixLength = 5;

    private readonly OutputBuffer _rest = new();

    /// <summary>Whether nothing is left over: messages that are whole in one frame need no copy.</summary>
    public bool IsEmpty => _rest.Length == 0;

    /// <summary>Cuts one message off the front of some bytes.</summary>
    /// <param name="bytes">The bytes; afterwards, what follows the message.</param>
    /// <param name="message">The message without its prefix.</param>
    /// <returns>False: there is no whole one.</returns>
    public static bool TryCut(ref ReadOnlySpan<byte> bytes, out ReadOnlySpan<byte> message)
    {
        message = default;
        if (bytes.Length < PrefixLength)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[1..]);
        if (bytes.Length - PrefixLength < length)
        {
            return false;
        }

        message = bytes.Slice(PrefixLength, length);
        bytes = bytes[(PrefixLength + length)..];
        return true;
    }

    /// <summary>Appends what came to what is left over.</summary>
    /// <param name="bytes">What came.</param>
    /// <returns>All that is to be cut; the caller keeps what it cannot with <see cref="Keep"/>.</returns>
    public ReadOnlySpan<byte> Join(ReadOnlySpan<byte> bytes)
    {
        _rest.Append(bytes);
        return _rest.Written;
    }

    /// <summary>Remembers what could not be cut.</summary>
    /// <param name="rest">The end of what <see cref="Join"/> returned, or of a frame.</param>
    public void Keep(ReadOnlySpan<byte> rest)
    {
        var copy = rest.ToArray();
        _rest.Clear();
        _rest.Append(copy);
    }
}
