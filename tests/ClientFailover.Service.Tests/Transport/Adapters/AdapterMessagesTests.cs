using System.Buffers.Binary;
using System.IO.Pipelines;
using ClientFailover.Service.Transport.Adapters;
using ClientFailover.Service.Transport.Errors;
using Google.Protobuf;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Adapters;

public sealed class AdapterMessagesTests
{
    private const int Largest = 100;

    private static readonly V1.AdapterMessage Beat = new() { Heartbeat = new V1.StreamHeartbeat { Sequence = 7, FailoverScore = 99 } };

    [Test]
    public async Task Take_PiecesOfAnyLength_GiveTheMessagesInTheirOrder([Values(1, 2, 3, 4, 5, 6, 7, 11, 1000)] int piece)
    {
        V1.AdapterMessage[] said = [Beat, new(), new() { Goodbye = new V1.Goodbye { Unregister = true } }, Beat];
        var pipe = new Pipe();
        var messages = new AdapterMessages(pipe.Reader, Largest);

        var taken = TakeAllAsync(messages);
        foreach (var part in Frames.Of(said).Chunk(piece))
        {
            await pipe.Writer.WriteAsync(part);
        }

        await pipe.Writer.CompleteAsync();

        Assert.That(await taken, Is.EqualTo(said));
        Assert.That(messages.HasEnded, Is.True);
    }

    [Test]
    public async Task Take_ContentInSeveralBlocks_IsOneMessage()
    {
        var pipe = new Pipe(new PipeOptions(minimumSegmentSize: 16));
        var welcome = new V1.AdapterMessage { Hello = new V1.Hello { SessionId = new string('a', 5000) } };
        foreach (var part in Frames.Of(welcome).Chunk(16))
        {
            part.CopyTo(pipe.Writer.GetMemory(16));
            pipe.Writer.Advance(part.Length);
        }

        await pipe.Writer.FlushAsync();
        await pipe.Writer.CompleteAsync();

        Assert.That(await TakeAllAsync(new AdapterMessages(pipe.Reader, 10_000)), Is.EqualTo([welcome]));
    }

    [TestCase(1, null, "REQUEST_UNREADABLE")]
    [TestCase(1, "identity", "REQUEST_UNREADABLE")]
    [TestCase(1, "gzip", "COMPRESSION_UNSUPPORTED")]
    [TestCase(2, "gzip", "REQUEST_UNREADABLE")]
    [TestCase(255, null, "REQUEST_UNREADABLE")]
    public void Take_Flag_IsRefused(byte flag, string? encoding, string code)
    {
        var messages = new AdapterMessages(Read(Frames.Of([], flag)), Largest, encoding);

        Assert.That(Refusal(messages).Code, Is.EqualTo(code));
    }

    [TestCase(Largest + 1u, "BODY_TOO_LARGE")]
    [TestCase((uint)int.MaxValue, "BODY_TOO_LARGE")]
    [TestCase(uint.MaxValue, "REQUEST_UNREADABLE")]
    public void Take_Length_IsRefusedBeforeTheContentComes(uint length, string code)
    {
        var prefix = new byte[Frames.Prefix];
        BinaryPrimitives.WriteUInt32BigEndian(prefix.AsSpan(1), length);

        Assert.That(Refusal(new AdapterMessages(Read(prefix), Largest)).Code, Is.EqualTo(code));
    }

    [Test]
    public async Task Take_LongAfterTheHello_IsRefused([Values] bool isFirst)
    {
        var name = new string('a', AdapterMessages.LargestAfterHello);
        var large = new V1.AdapterMessage { Hello = new V1.Hello { SessionName = name } };
        var messages = new AdapterMessages(Read(isFirst ? Frames.Of(large) : Frames.Of(Beat, large)), 2 * AdapterMessages.LargestAfterHello);

        var first = messages.Take(await messages.ReadAsync());

        Assert.That(first, Is.EqualTo(isFirst ? large : Beat));
        if (!isFirst)
        {
            Assert.That(Refusal(messages).Code, Is.EqualTo("BODY_TOO_LARGE"));
        }
    }

    [Test]
    public async Task Take_LimitBelowThatOfLaterMessages_HoldsForThemToo()
    {
        var messages = new AdapterMessages(Read(Frames.Of(Beat, new V1.AdapterMessage { Hello = new V1.Hello { SessionName = new string('a', Largest) } })), Largest);

        messages.Take(await messages.ReadAsync());

        Assert.That(Refusal(messages).Code, Is.EqualTo("BODY_TOO_LARGE"));
    }

    [Test]
    public void Take_CutOff_IsRefused([Range(1, Frames.Prefix + 3)] int length) =>
        Assert.That(Refusal(new AdapterMessages(Read(Frames.Of(Beat)[..length]), Largest)).Code, Is.EqualTo("REQUEST_UNREADABLE"));

    [Test]
    public void Take_ContentThatIsNone_IsRefused() => Assert.That(
        () => TakeAllAsync(new AdapterMessages(Read(Frames.Of([0x0a])), Largest)), Throws.InstanceOf<InvalidProtocolBufferException>());

    [Test]
    public async Task Take_ReadingIsBrokenOff_LosesNothing()
    {
        var pipe = new Pipe();
        var messages = new AdapterMessages(pipe.Reader, Largest);
        var frame = Frames.Of(Beat);
        await pipe.Writer.WriteAsync(frame.AsMemory(0, 6));
        Assert.That(messages.Take(await messages.ReadAsync()), Is.Null);

        var reading = messages.ReadAsync();
        pipe.Reader.CancelPendingRead();

        Assert.That(messages.Take(await reading), Is.Null);
        Assert.That(messages.HasEnded, Is.False);
        await pipe.Writer.WriteAsync(frame.AsMemory(6));
        Assert.That(messages.Take(await messages.ReadAsync()), Is.EqualTo(Beat));
    }

    private static PipeReader Read(byte[] bytes) => PipeReader.Create(new System.Buffers.ReadOnlySequence<byte>(bytes));

    private static Failure Refusal(AdapterMessages messages) =>
        Assert.ThrowsAsync<FailureException>(() => TakeAllAsync(messages))!.Failure;

    private static async Task<List<V1.AdapterMessage>> TakeAllAsync(AdapterMessages messages)
    {
        List<V1.AdapterMessage> taken = [];
        while (!messages.HasEnded)
        {
            if (messages.Take(await messages.ReadAsync()) is { } message)
            {
                taken.Add(message);
            }
        }

        return taken;
    }
}
