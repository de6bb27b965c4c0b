using System.Buffers;
using System.Text;
using ClientFailover.Service.Transport.Rest.Json;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Rest.Json;

public sealed class BodyCheckTests
{
    /// <summary>What the network makes of a body must not matter.</summary>
    [Test]
    public void Find_BodyInPieces_IsTheSameAsInOne([Range(1, 8)] int length)
    {
        var check = new BodyCheck(V1.CreateGroupRequest.Descriptor.FindFieldByName("group"), adds: true);

        Assert.That(check.Find(InPieces("\uFEFF{\"Id\":\"a\",\"FailoverTimeout\":\"00:00:01\"}"u8, length)), Is.Null);
        Assert.That(check.Find(InPieces("{\"Id\":\"a\",\"iD\":\"b\"}"u8, length)), Is.EqualTo("The body names the member Id twice."));
        Assert.That(check.Find(InPieces("{\"Id\":\"a\""u8, length)), Is.EqualTo("The body is not well-formed JSON: line 1, byte 10."));
        Assert.That(check.Find(InPieces("\uFEFF"u8, length)), Is.EqualTo("The body is empty; it must be a JSON object."));
    }

    /// <summary>A name that is no text is no member of ours, and none of this check's business.</summary>
    [TestCase("""{"\ud800":1}""")]
    [TestCase("""{"Id\ud800":1}""")]
    [TestCase("""{"\u0049\udc00":1}""")]
    public void Find_NameOfHalfASurrogatePair_IsPassedOver(string body) =>
        Assert.That(new BodyCheck(V1.CreateGroupRequest.Descriptor.FindFieldByName("group"), adds: true).Find(new ReadOnlySequence<byte>(Encoding.UTF8.GetBytes(body))), Is.Null);

    private static ReadOnlySequence<byte> InPieces(ReadOnlySpan<byte> body, int length)
    {
        var first = new Piece(body[..Math.Min(length, body.Length)].ToArray());
        var last = first;
        for (var at = length; at < body.Length; at += length)
        {
            last = last.Append(body[at..Math.Min(at + length, body.Length)].ToArray());
        }

        return new ReadOnlySequence<byte>(first, 0, last, last.Memory.Length);
    }

    private sealed class Piece : ReadOnlySequenceSegment<byte>
    {
        public Piece(byte[] bytes) => Memory = bytes;

        public Piece Append(byte[] bytes)
        {
            var next = new Piece(bytes) { RunningIndex = RunningIndex + Memory.Length };
            Next = next;
            return next;
        }
    }
}
