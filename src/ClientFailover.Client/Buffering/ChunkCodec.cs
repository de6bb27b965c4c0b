using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text;

namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for the content of a chunk on the disk. Not safe for threads.
/// </summary>
/// <remarks>
/// Version 1, numbers being varints (7 bits a byte, lowest first): CRC-32C of the rest (4 bytes, little-endian); number of positions;
/// number of streams; for each its length in UTF-8 and its id; for each position the number of its stream from 1, the differences of
/// source time and of time of receipt (ticks of UTC, zigzag) to the position before, the length of the payload, and the payload;
/// or, where the item was removed, only 0.
/// </remarks>
internal sealed class ChunkCodec
{
    /// <summary>Version of the format, and of the database.</summary>
    public const int Version = 1;

    private const int ChecksumSize = sizeof(uint);
    private const int MaxVarint = 10;

    private readonly Dictionary<string, int> _streams = new(StringComparer.Ordinal);
    private readonly ArrayBufferWriter<byte> _names = new();
    private readonly ArrayBufferWriter<byte> _body = new(Chunk.MaxBytes);

    /// <summary>Encodes items.</summary>
    /// <param name="items">The items.</param>
    /// <param name="removed">Which of them are removed; null: none.</param>
    /// <returns>The content.</returns>
    public byte[] Encode(ReadOnlySpan<DataItem> items, ulong[]? removed)
    {
        _streams.Clear();
        _names.ResetWrittenCount();
        _body.ResetWrittenCount();
        long source = 0, received = 0;
        for (var i = 0; i < items.Length; i++)
        {
            if (removed is not null && (removed[i / 64] >> (i % 64) & 1) != 0)
            {
                Write(_body, 0);
                continue;
            }

            ref readonly var item = ref items[i];
            Write(_body, (ulong)NumberOf(item.Stream));
            WriteDifference(_body, item.SourceTime.UtcTicks, ref source);
            WriteDifference(_body, item.ReceivedTime.UtcTicks, ref received);
            Write(_body, (ulong)item.Payload.Length);
            _body.Write(item.Payload.Span);
        }

        Span<byte> counts = stackalloc byte[2 * MaxVarint];
        var length = Put(counts, (ulong)items.Length);
        length += Put(counts[length..], (ulong)_streams.Count);
        var content = GC.AllocateUninitializedArray<byte>(ChecksumSize + length + _names.WrittenCount + _body.WrittenCount);
        var rest = content.AsSpan(ChecksumSize);
        counts[..length].CopyTo(rest);
        _names.WrittenSpan.CopyTo(rest[length..]);
        _body.WrittenSpan.CopyTo(rest[(length + _names.WrittenCount)..]);
        BinaryPrimitives.WriteUInt32LittleEndian(content, Checksum(rest));
        if (_body.Capacity > 4 * Chunk.MaxBytes)
        {
            // One very large payload must not keep its memory for ever.
            _body.Clear();
        }

        return content;
    }

    /// <summary>Decodes a content. The payloads are parts of it.</summary>
    /// <param name="content">The content.</param>
    /// <param name="names">Finds the string of a stream's id, so that each is there once.</param>
    /// <returns>The items, and which of them are removed (null: none).</returns>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static (DataItem[] Items, ulong[]? Removed) Decode(byte[] content, StreamNames names)
    {
        if (content.Length < ChecksumSize || BinaryPrimitives.ReadUInt32LittleEndian(content) != Checksum(content.AsSpan(ChecksumSize)))
        {
            throw new InvalidDataException("the checksum of a chunk is wrong");
        }

        try
        {
            return DecodeItems(content, names);
        }
        catch (Exception e) when (e is ArgumentException or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("a chunk does not have the form of its version", e);
        }
    }

    private static (DataItem[] Items, ulong[]? Removed) DecodeItems(byte[] content, StreamNames names)
    {
        var at = ChecksumSize;
        var items = new DataItem[Math.Min(checked((int)Read(content, ref at)), Chunk.MaxItems)];
        var streams = new string[checked((int)Read(content, ref at))];
        for (var i = 0; i < streams.Length; i++)
        {
            var length = checked((int)Read(content, ref at));
            streams[i] = names.Find(content.AsSpan(at, length));
            at += length;
        }

        ulong[]? removed = null;
        long source = 0, received = 0;
        for (var i = 0; i < items.Length; i++)
        {
            var stream = checked((int)Read(content, ref at));
            if (stream == 0)
            {
                removed ??= Holes.NewBits();
                removed[i / 64] |= 1UL << (i % 64);
                continue;
            }

            source += ReadDifference(content, ref at);
            received += ReadDifference(content, ref at);
            var length = checked((int)Read(content, ref at));
            items[i] = new DataItem(
                streams[stream - 1], new DateTimeOffset(source, TimeSpan.Zero), new DateTimeOffset(received, TimeSpan.Zero), new ReadOnlyMemory<byte>(content, at, length));
            at += length;
        }

        return at == content.Length ? (items, removed) : throw new InvalidDataException("a chunk is longer than its items");
    }

    private int NumberOf(string stream)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_streams, stream, out var known);
        if (!known)
        {
            number = _streams.Count;
            var length = Encoding.UTF8.GetByteCount(stream);
            Write(_names, (ulong)length);
            _names.Advance(Encoding.UTF8.GetBytes(stream, _names.GetSpan(length)));
        }

        return number;
    }

    private static void WriteDifference(ArrayBufferWriter<byte> output, long value, ref long before)
    {
        var difference = value - before;
        before = value;
        Write(output, (ulong)((difference << 1) ^ (difference >> 63)));
    }

    private static void Write(ArrayBufferWriter<byte> output, ulong value) => output.Advance(Put(output.GetSpan(MaxVarint), value));

    private static int Put(Span<byte> output, ulong value)
    {
        var length = 0;
        for (; value >= 0x80; value >>= 7)
        {
            output[length++] = (byte)(value | 0x80);
        }

        output[length++] = (byte)value;
        return length;
    }

    private static long ReadDifference(byte[] content, ref int at)
    {
        var value = Read(content, ref at);
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    private static ulong Read(byte[] content, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = content[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private static uint Checksum(ReadOnlySpan<byte> bytes)
    {
        var checksum = uint.MaxValue;
        while (bytes.Length >= sizeof(ulong))
        {
            checksum = BitOperations.Crc32C(checksum, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (var one in bytes)
        {
            checksum = BitOperations.Crc32C(checksum, one);
        }

        return ~checksum;
    }
}
