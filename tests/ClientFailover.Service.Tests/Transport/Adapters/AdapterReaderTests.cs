using System.Buffers;
using System.IO.Pipelines;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tests.Groups;
using ClientFailover.Service.Transport.Adapters;
using Grpc.Core;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Transport.Adapters;

public sealed class AdapterReaderTests
{
    private static readonly V1.AdapterMessage Leave = new() { Goodbye = new V1.Goodbye { Unregister = true } };

    [Test]
    public async Task ReadAsync_GoodbyeOfAReplacedStream_LeavesTheSessionToItsSuccessor([Values] bool replaced)
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        var (writer, successor) = (new Writer(), new RecordingLink());
        using var link = new AdapterLink(writer, PipeReader.Create(Stream.Null), new ReplyPool());
        owner.OpenLink("A", link, default);
        if (replaced)
        {
            owner.OpenLink("A", successor, default);
        }

        await new AdapterReader(owner, "A", link, new HeartbeatCounts("stream"), bench.Time).ReadAsync(new Said(Leave).Messages);

        Assert.That(owner.ReadSession("A") is null, Is.EqualTo(!replaced));
        Assert.That(successor.Ended.Task.IsCompleted, Is.False);
    }

    [Test]
    public async Task ReadAsync_HeartbeatOfAReplacedStream_IsNotAnswered()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        var writer = new Writer();
        using var link = new AdapterLink(writer, PipeReader.Create(Stream.Null), new ReplyPool());
        owner.OpenLink("A", link, default);
        link.Start(new V1.Welcome(), 0);
        owner.OpenLink("A", new RecordingLink(), default);

        await new AdapterReader(owner, "A", link, new HeartbeatCounts("stream"), bench.Time).ReadAsync(new Said(
            new V1.AdapterMessage { Heartbeat = new V1.StreamHeartbeat { Sequence = 1, FailoverScore = 100 } }).Messages);

        Assert.That(writer.Written.Select(m => m.MessageCase), Is.EqualTo([V1.ServiceMessage.MessageOneofCase.Welcome]));
        Assert.That(owner.ReadSession("A")!.Heartbeat, Is.Null);
        Assert.That(link.EndReason, Is.EqualTo(LinkEnd.Replaced));
    }

    [Test]
    public async Task ReadAsync_HeartbeatsAllTooSoon_AreReadMoreSlowly()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        using var link = new AdapterLink(new Writer(), PipeReader.Create(Stream.Null), new ReplyPool());
        owner.OpenLink("A", link, default);
        link.Start(new V1.Welcome(), 0);
        const int beats = 30;
        var said = new Said([.. Enumerable.Range(1, beats).Select(i => new V1.AdapterMessage { Heartbeat = new V1.StreamHeartbeat { Sequence = i, FailoverScore = 100 } })]);

        var reading = new AdapterReader(owner, "A", link, new HeartbeatCounts("stream"), bench.Time).ReadAsync(said.Messages);

        // The first is good.
        Assert.That(said.Read, Is.EqualTo(1 + AdapterReader.RefusedAtOnce + 1));
        await AdvanceUntilAsync(reading, bench.Time);
        Assert.That(said.Read, Is.EqualTo(beats), "None is lost.");
    }

    [Test]
    public async Task ReadAsync_ManyMessagesAtOnce_GivesOthersTheirTurn()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        using var link = new AdapterLink(new Writer(), PipeReader.Create(Stream.Null), new ReplyPool());
        owner.OpenLink("A", link, default);
        link.Start(new V1.Welcome(), 0);
        using var others = new ManualResetEventSlim();
        var said = new Said([.. Enumerable.Repeat(new V1.AdapterMessage(), 100)])
        {
            BeforeRead = read => Assert.That(read <= AdapterReader.Turn || others.Wait(TimeSpan.FromSeconds(60)), Is.True),
        };

        var reading = new AdapterReader(owner, "A", link, new HeartbeatCounts("stream"), bench.Time).ReadAsync(said.Messages);
        others.Set();
        await reading;

        Assert.That(said.Read, Is.EqualTo(100));
    }

    private static async Task AdvanceUntilAsync(Task task, FakeTimeProvider time)
    {
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }

        await task;
    }

    /// <summary>What an adapter has said; also what had arrived when its stream was ended.</summary>
    private sealed class Said : PipeReader
    {
        private readonly PipeReader _frames;
        private readonly int _count;
        private int _reads;

        public Said(params V1.AdapterMessage[] messages)
        {
            _frames = Create(new ReadOnlySequence<byte>(Frames.Of(messages)));
            _count = messages.Length;
            Messages = new AdapterMessages(this, 1000);
        }

        public AdapterMessages Messages { get; }

        public Action<int>? BeforeRead { get; init; }

        public int Read => Math.Min(_reads, _count);

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            _reads++;
            BeforeRead?.Invoke(_reads);
            return _frames.ReadAsync(cancellationToken);
        }

        public override bool TryRead(out ReadResult result) => _frames.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => _frames.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _frames.AdvanceTo(consumed, examined);

        public override void CancelPendingRead() => _frames.CancelPendingRead();

        public override void Complete(Exception? exception = null) => _frames.Complete(exception);
    }

    private sealed class Writer : IServerStreamWriter<V1.ServiceMessage>
    {
        public List<V1.ServiceMessage> Written { get; } = [];

        public WriteOptions? WriteOptions { get; set; }

        public Task WriteAsync(V1.ServiceMessage message)
        {
            Written.Add(message);
            return Task.CompletedTask;
        }
    }
}
