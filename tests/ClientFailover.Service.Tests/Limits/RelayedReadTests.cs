using System.IO.Pipelines;
using ClientFailover.Service.Limits;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RelayedReadTests
{
    private readonly Pipe _pipe = new();

    [Test]
    public async Task After_ManyReads_ChangesEachResult()
    {
        var relayed = new RelayedRead(r => new ValueTask<ReadResult>(new ReadResult(r.Buffer, r.IsCanceled, isCompleted: true)));
        for (byte i = 0; i < 100; i++)
        {
            var reading = relayed.After(_pipe.Reader.ReadAsync());
            Assert.That(reading.IsCompleted, Is.False);
            await _pipe.Writer.WriteAsync(new[] { i });
            var result = await reading;

            Assert.That((result.Buffer.FirstSpan[0], result.IsCompleted), Is.EqualTo((i, true)));
            _pipe.Reader.AdvanceTo(result.Buffer.End);
        }
    }

    [Test]
    public async Task After_ChangeThatTakesItsTime_IsWaitedFor()
    {
        var change = new TaskCompletionSource();
        var relayed = new RelayedRead(async r =>
        {
            await change.Task;
            return new ReadResult(r.Buffer, r.IsCanceled, isCompleted: true);
        });
        var reading = relayed.After(_pipe.Reader.ReadAsync()).AsTask();
        await _pipe.Writer.WriteAsync(new byte[] { 7 });
        Assert.That(reading.IsCompleted, Is.False);

        change.SetResult();

        var result = await reading;
        Assert.That((result.Buffer.FirstSpan[0], result.IsCompleted), Is.EqualTo(((byte)7, true)));
    }

    [Test]
    public async Task After_ChangeThatFails_FailsAlike()
    {
        var relayed = new RelayedRead(_ => ValueTask.FromException<ReadResult>(new IOException("wrong")));
        var reading = relayed.After(_pipe.Reader.ReadAsync());

        await _pipe.Writer.WriteAsync(new byte[1]);

        Assert.That(async () => await reading, Throws.InstanceOf<IOException>().With.Message.EqualTo("wrong"));
    }

    [Test]
    public async Task After_ReadThatFails_FailsAlike()
    {
        var relayed = new RelayedRead(r => new ValueTask<ReadResult>(r));
        var reading = relayed.After(_pipe.Reader.ReadAsync());

        await _pipe.Writer.CompleteAsync(new IOException("gone"));

        Assert.That(async () => await reading, Throws.InstanceOf<IOException>().With.Message.EqualTo("gone"));
    }

    [Test]
    public async Task After_ReadThatIsCancelled_IsCancelledAlike()
    {
        var relayed = new RelayedRead(r => new ValueTask<ReadResult>(r));
        using var cancel = new CancellationTokenSource();
        var reading = relayed.After(_pipe.Reader.ReadAsync(cancel.Token));

        await cancel.CancelAsync();

        Assert.That(async () => await reading, Throws.InstanceOf<OperationCanceledException>());
        await _pipe.Writer.WriteAsync(new byte[1]);
        Assert.That((await relayed.After(_pipe.Reader.ReadAsync())).Buffer.Length, Is.EqualTo(1));
    }
}
