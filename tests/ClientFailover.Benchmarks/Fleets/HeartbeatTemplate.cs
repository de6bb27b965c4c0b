using System.Buffers.Binary;
using ClientFailover.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ClientFailover.Benchmarks.Fleets;

/// <summary>
/// A stream heartbeat with its gRPC prefix, encoded once: what changes from one to the next has a fixed place and a
/// fixed width (numbers are padded, which protobuf allows), so that sending one is a copy and a few stores.
/// </summary>
internal static class HeartbeatTemplate
{
    private const int PrefixLength = 5;
    private const int PaddedLength = 5;
    private const int TimestampLength = 2 + (2 * PaddedLength);
    private const int SequenceOffset = PrefixLength + 3;
    private const int ScoreOffset = SequenceOffset + PaddedLength + 1;
    private const int LastDataOffset = ScoreOffset + 4 + 2;
    private const int AdapterTimeOffset = LastDataOffset + TimestampLength + 2;

    private static readonly byte[] Template = Build();

    /// <summary>Length with the prefix.</summary>
    public static int Length => Template.Length;

    /// <summary>Writes a heartbeat.</summary>
    /// <param name="target"><see cref="Length"/> bytes.</param>
    /// <param name="sequence">Its number.</param>
    /// <param name="score">The failover score.</param>
    /// <param name="utc">The adapter's time, and that of the last data processed.</param>
    public static void Write(Span<byte> target, long sequence, float score, DateTime utc)
    {
        Template.CopyTo(target);
        WritePadded(target[SequenceOffset..], sequence);
        BinaryPrimitives.WriteSingleLittleEndian(target[ScoreOffset..], score);
        WriteTimestamp(target[LastDataOffset..], utc);
        target.Slice(LastDataOffset, TimestampLength).CopyTo(target[AdapterTimeOffset..]);
    }

    private static byte[] Build()
    {
        var bytes = new byte[AdapterTimeOffset + TimestampLength];
        BinaryPrimitives.WriteInt32BigEndian(bytes.AsSpan(1), bytes.Length - PrefixLength);
        bytes[PrefixLength] = Tag(AdapterMessage.HeartbeatFieldNumber, WireFormat.WireType.LengthDelimited);
        bytes[PrefixLength + 1] = (byte)(bytes.Length - PrefixLength - 2);
        bytes[SequenceOffset - 1] = Tag(StreamHeartbeat.SequenceFieldNumber, WireFormat.WireType.Varint);
        bytes[ScoreOffset - 1] = Tag(StreamHeartbeat.FailoverScoreFieldNumber, WireFormat.WireType.Fixed32);
        bytes[LastDataOffset - 2] = Tag(StreamHeartbeat.LastDataProcessedTimeFieldNumber, WireFormat.WireType.LengthDelimited);
        bytes[LastDataOffset - 1] = TimestampLength;
        bytes[AdapterTimeOffset - 2] = Tag(StreamHeartbeat.AdapterTimeFieldNumber, WireFormat.WireType.LengthDelimited);
        bytes[AdapterTimeOffset - 1] = TimestampLength;
        return bytes;
    }

    private static void WriteTimestamp(Span<byte> target, DateTime utc)
    {
        var sinceEpoch = utc.Ticks - DateTime.UnixEpoch.Ticks;
        var (seconds, ticks) = Math.DivRem(sinceEpoch, TimeSpan.TicksPerSecond);
        target[0] = Tag(Timestamp.SecondsFieldNumber, WireFormat.WireType.Varint);
        WritePadded(target[1..], seconds);
        target[1 + PaddedLength] = Tag(Timestamp.NanosFieldNumber, WireFormat.WireType.Varint);
        WritePadded(target[(2 + PaddedLength)..], ticks * TimeSpan.NanosecondsPerTick);
    }

    private static void WritePadded(Span<byte> target, long value)
    {
        for (var i = 0; i < PaddedLength - 1; i++, value >>= 7)
        {
            target[i] = (byte)(value | 0x80);
        }

        target[PaddedLength - 1] = (byte)(value & 0x7f);
    }

    private static byte Tag(int field, WireFormat.WireType type) => (byte)WireFormat.MakeTag(field, type);
}
