using System.Buffers;
using System.Buffers.Binary;
using System.IO.Pipelines;
using ClientFailover.Service.Transport.Errors;

namespace ClientFailover.Service.Transport.Adapters;

/// <summary>
/// Responsible for the messages of one adapter's stream, taken out of the frames of the request's body
/// (Length-Prefixed-Message of "gRPC over HTTP2"). The framework's reader keeps the last message, and makes a task for each that is
/// waited for. That is little, but as many as there are streams live through every collection, which then holds up promotions for tens
/// of milliseconds. Nothing of a message is kept here.
/// </summary>
/// <param name="body">The request's body.</param>
/// <param name="largest">The largest message that is taken, in bytes; after the first, the hello, at most <see cref="LargestAfterHello"/>.</param>
/// <param name="encoding">How messages that are marked as compressed are, as the call declares it; null or "identity": none may be.</param>
internal sealed class AdapterMessages(PipeReader body, int largest, string? encoding = null)
{
    /// <summary>
    /// The largest message after the first, in bytes: many times what any of the contract takes. A stream may stay for ever and hold what
    /// is not whole yet, so that is to be little beside the stream itself.
    /// </summary>
    public const int LargestAfterHello = 4096;

    private const int PrefixLength = 1 + sizeof(uint);

    private int _largest = largest;

    /// <summary>Whether the adapter has ended its side of the stream, and all that it said was taken.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>Waits for bytes, to be given to <see cref="Take"/>.</summary>
    /// <param name="cancellation">Breaks off waiting.</param>
    /// <returns>What has come and was not taken yet.</returns>
    public ValueTask<ReadResult> ReadAsync(CancellationToken cancellation = default) => body.ReadAsync(cancellation);

    /// <summary>Takes the next message.</summary>
    /// <param name="read">What <see cref="ReadAsync"/> gave.</param>
    /// <returns>The message; null: it is not whole yet, reading was broken off, or <see cref="HasEnded"/>.</returns>
    /// <exception cref="FailureException">It is no message, too large, compressed, or cut off by the end of the stream.</exception>
    /// <exception cref="Google.Protobuf.InvalidProtocolBufferException">Its content is no message of the contract.</exception>
    public V1.AdapterMessage? Take(in ReadResult read)
    {
        var buffer = read.Buffer;
        if (!TryReadLength(buffer, out var length) || buffer.Length < PrefixLength + length)
        {
            if (read.IsCompleted && !read.IsCanceled)
            {
                HasEnded = buffer.IsEmpty ? true : throw new FailureException(Failures.UnreadableMessage);
            }

            body.AdvanceTo(buffer.Start, read.IsCanceled ? buffer.Start : buffer.End);
            return null;
        }

        var content = buffer.Slice(PrefixLength, length);
        var message = content.IsSingleSegment ? V1.AdapterMessage.Parser.ParseFrom(content.FirstSpan) : V1.AdapterMessage.Parser.ParseFrom(content);
        body.AdvanceTo(content.End);
        _largest = Math.Min(_largest, LargestAfterHello);
        return message;
    }

    private bool TryReadLength(in ReadOnlySequence<byte> buffer, out int length)
    {
        length = 0;
        if (buffer.Length < PrefixLength)
        {
            return false;
        }

        Span<byte> prefix = stackalloc byte[PrefixLength];
        buffer.Slice(0, PrefixLength).CopyTo(prefix);
        if (prefix[0] != 0)
        {
            throw new FailureException(prefix[0] == 1 && encoding is not (null or "" or "identity") ? Failures.Compressed : Failures.UnreadableMessage);
        }

        var told = BinaryPrimitives.ReadUInt32BigEndian(prefix[1..]);
        if (told > _largest)
        {
            throw new FailureException(told > int.MaxValue ? Failures.UnreadableMessage : Failures.MessageTooLarge);
        }

        length = (int)told;
        return true;
    }
}
