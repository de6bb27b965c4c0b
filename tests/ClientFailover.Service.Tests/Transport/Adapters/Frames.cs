using System.Buffers.Binary;
using Google.Protobuf;

namespace ClientFailover.Service.Tests.Transport.Adapters;

/// <summary>Messages as they stand in the body of a native call.</summary>
internal static class Frames
{
    /// <summary>Length of what stands before each message.</summary>
    public const int Prefix = 5;

    /// <summary>The frames of messages, one after the other.</summary>
    public static byte[] Of(params V1.AdapterMessage[] messages) => [.. messages.SelectMany(m => Of(m.ToByteArray()))];

    /// <summary>One frame.</summary>
    public static byte[] Of(byte[] content, byte flag = 0)
    {
        var frame = new byte[Prefix + content.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), content.Length);
        content.CopyTo(frame, Prefix);
        return frame;
    }
}
