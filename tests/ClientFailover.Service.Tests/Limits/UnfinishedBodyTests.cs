using System.IO.Pipelines;
using System.Net;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Limits;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

/// <summary>Bodies of native calls that their readers collect, as they do in the service: all that came is looked at, and nothing consumed.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class UnfinishedBodyTests : IDisposable
{
    private const int Mebibyte = 1024 * 1024;
    private const int Quarter = Mebibyte / 4;

    private static readonly TimeSpan Most = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly FakeTimeProvider _time = new();
    private readonly LimitCounts _counts = new();
    private readonly UnfinishedBodies _bodies;

    public UnfinishedBodyTests() =>
        _bodies = new UnfinishedBodies(new ServiceOptions { RequestBodyTimeout = Most, MaxUnfinishedBytesPerCaller = Mebibyte }, _counts.Meter, _time);

    public void Dispose()
    {
        _bodies.Dispose();
        _counts.Dispose();
    }

    [TestCase(0)]
    [TestCase(100)]
    public async Task ReadAsync_BodyDoesNotEnd_FailsWhenItsTimeIsOver(int begun)
    {
        var body = new Body(_bodies, "alice");
        await body.SendAsync(begun);
        _time.Advance(Most - Second);
        Assert.That(body.Reading.IsCompleted, Is.False);

        _time.Advance(Second);

        await body.MustFailAsync(StatusCode.DeadlineExceeded);
        Assert.That(async () => await body.Reader.ReadAsync(), Throws.InstanceOf<RpcException>(), "It stays so.");
        Assert.That(_counts[LimitMeter.Bodies], Is.EqualTo(1));
    }

    [Test]
    public async Task ReadAsync_PeerOfOneIsGone_OthersAreEndedAllTheSame([Values] bool isLate)
    {
        var gone = new Body(_bodies, "alice", isGone: true);
        var body = new Body(_bodies, "alice");
        foreach (var each in (Body[])[gone, body])
        {
            await each.SendAsync(100);
        }

        var last = new Body(_bodies, "alice");
        if (isLate)
        {
            _time.Advance(Most);
        }
        else
        {
            await last.SendAsync(Mebibyte);
        }

        await body.MustFailAsync(isLate ? StatusCode.DeadlineExceeded : StatusCode.ResourceExhausted);
    }

    [Test]
    public async Task ReadAsync_BodyEndsInTime_IsReadAndForgotten()
    {
        var body = new Body(_bodies, "alice");
        await body.SendAsync(100);
        _time.Advance(Most - Second);
        await body.SendAsync(100);
        await body.EndAsync();

        Assert.That(await body.Reading, Is.EqualTo(200));
        _time.Advance(10 * Most);
        Assert.That(await body.Reader.ReadAsync(), Has.Property("IsCompleted").True, "What is read anew is read without end.");
        Assert.That(_counts[LimitMeter.Bodies], Is.Zero);
    }

    [Test]
    public async Task ReadAsync_CallerHasTooMuchUnfinished_TheOldestFails()
    {
        var oldest = new Body(_bodies, "alice");
        var older = new Body(_bodies, "alice");
        var newer = new Body(_bodies, "alice");
        await oldest.SendAsync(Quarter);
        await older.SendAsync(2 * Quarter);
        await newer.SendAsync(Quarter);
        var another = new Body(_bodies, "bob");
        await another.SendAsync(4 * Quarter);
        Assert.That(new[] { oldest, older, newer, another }.Any(b => b.Reading.IsCompleted), Is.False, "So much is allowed.");

        var heartbeat = new Body(_bodies, "alice");
        await heartbeat.SendAsync(20);

        await oldest.MustFailAsync(StatusCode.ResourceExhausted);
        await heartbeat.EndAsync();
        Assert.That(await heartbeat.Reading, Is.EqualTo(20));
        Assert.That(new[] { older, newer, another }.Any(b => b.Reading.IsCompleted), Is.False);
        Assert.That(_counts[LimitMeter.Bodies], Is.EqualTo(1));
    }

    [Test]
    public async Task ReadAsync_ManyBodiesOfAByte_CountByTheBlock()
    {
        const int block = 4096;
        var bodies = Enumerable.Range(0, Mebibyte / block).Select(_ => new Body(_bodies, "alice")).ToList();
        foreach (var body in bodies)
        {
            await body.SendAsync(1);
        }

        Assert.That(bodies.Any(b => b.Reading.IsCompleted), Is.False);
        await new Body(_bodies, "alice").SendAsync(1);

        await bodies[0].MustFailAsync(StatusCode.ResourceExhausted);
    }

    [Test]
    public async Task ReadAsync_OneBodyLargerThanAllThatIsAllowed_GoesOn()
    {
        var body = new Body(_bodies, "alice");
        await body.SendAsync(5 * Quarter);
        await body.EndAsync();

        Assert.That(await body.Reading, Is.EqualTo(5 * Quarter));
    }

    [Test]
    public async Task Leave_RequestIsOver_NothingOfItIsTouched()
    {
        var body = new Body(_bodies, "alice");
        await body.SendAsync(1);

        body.Reader.Leave();
        _time.Advance(2 * Most);

        Assert.That(body.Reading.IsCompleted, Is.False, "The web server may use what it is read from for another request.");
        Assert.That(_counts[LimitMeter.Bodies], Is.Zero);
    }

    /// <summary>A body, and the call that waits for its end.</summary>
    private sealed class Body
    {
        private readonly SemaphoreSlim _looked = new(0);
        private readonly Pipe _sent = new(new PipeOptions(pauseWriterThreshold: 0, readerScheduler: PipeScheduler.Inline, useSynchronizationContext: false));

        public Body(UnfinishedBodies bodies, string caller, bool isGone = false)
        {
            var http = new DefaultHttpContext { User = new CallerPrincipal(new Caller(caller, CallerKind.User, caller, null, [Roles.Users], "Basic")) };
            http.Request.Protocol = HttpProtocol.Http2;
            http.Connection.RemoteIpAddress = IPAddress.Loopback;
            Reader = new UnfinishedBody(isGone ? new Gone(_sent.Reader) : _sent.Reader, http, bodies);
            Reading = CollectAsync();
        }

        public UnfinishedBody Reader { get; }

        public Task<long> Reading { get; }

        /// <summary>Sends so much, and waits until it was looked at: what the bodies hold stands in that order.</summary>
        public async Task SendAsync(int bytes)
        {
            await _sent.Writer.WriteAsync(new byte[bytes]);
            if (bytes > 0)
            {
                await Task.WhenAny(_looked.WaitAsync(), Reading);
            }
        }

        public async Task EndAsync() => await _sent.Writer.CompleteAsync();

        public async Task MustFailAsync(StatusCode status)
        {
            try
            {
                await Reading.WaitAsync(TimeSpan.FromSeconds(60));
            }
            catch (RpcException e)
            {
                Assert.That(e.StatusCode, Is.EqualTo(status));
                return;
            }

            Assert.Fail("It goes on.");
        }

        private async Task<long> CollectAsync()
        {
            while (true)
            {
                var read = await Reader.ReadAsync();
                Reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                _looked.Release();
                if (read.IsCompleted)
                {
                    return read.Buffer.Length;
                }
            }
        }
    }

    /// <summary>As of the web server, once the connection has broken.</summary>
    private sealed class Gone(PipeReader inner) : PipeReader
    {
        public override void CancelPendingRead() => throw new IOException("The client reset the request stream.");

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) => inner.ReadAsync(cancellationToken);

        public override bool TryRead(out ReadResult result) => inner.TryRead(out result);

        public override void AdvanceTo(SequencePosition consumed) => inner.AdvanceTo(consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => inner.AdvanceTo(consumed, examined);

        public override void Complete(Exception? exception = null) => inner.Complete(exception);
    }
}
