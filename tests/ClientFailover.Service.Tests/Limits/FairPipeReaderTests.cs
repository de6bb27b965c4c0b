using System.Buffers;
using System.IO.Pipelines;
using ClientFailover.Service.Limits;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class FairPipeReaderTests
{
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));

    [Test]
    public async Task ReadAsync_DataIsAlwaysThere_GivesOthersTheirTurn()
    {
        var reader = new FairPipeReader(_pipe.Reader);
        await _pipe.Writer.WriteAsync(new byte[100]);

        for (var round = 0; round < 3; round++)
        {
            for (var i = 1; i < FairPipeReader.Turn; i++)
            {
                Assert.That(await IsAtOnceAsync(reader), Is.True);
            }

            Assert.That(await IsAtOnceAsync(reader), Is.False);
        }
    }

    [Test]
    public async Task ReadAsync_NothingWasSentAhead_BeginsANewTurn()
    {
        var reader = new FairPipeReader(_pipe.Reader);
        for (var request = 0; request < 10; request++)
        {
            // The header wakes the connection, the body has come with it.
            var waiting = reader.ReadAsync();
            await _pipe.Writer.WriteAsync(new byte[2]);
            reader.AdvanceTo((await waiting).Buffer.GetPosition(1));

            Assert.That(await IsAtOnceAsync(reader), Is.True);
        }
    }

    [Test]
    public async Task ReadAsync_AfterOthers_LosesNothing()
    {
        var reader = new FairPipeReader(_pipe.Reader);
        await _pipe.Writer.WriteAsync(Enumerable.Range(0, 100).Select(i => (byte)i).ToArray());
        var read = new List<byte>();
        while (read.Count < 100)
        {
            var buffer = (await reader.ReadAsync()).Buffer;
            read.Add(buffer.FirstSpan[0]);
            reader.AdvanceTo(buffer.GetPosition(1));
        }

        Assert.That(read, Is.EqualTo(Enumerable.Range(0, 100)));
    }

    [TestCase(1, false, 1)]
    [TestCase(64, false, 10)]
    [TestCase(64, true, 10)]
    [TestCase(5_000, false, 20)]
    public async Task ReadAsync_MoreThanASlice_IsGivenOutBitByBit(int connections, bool tries, int expected)
    {
        var reader = new FairPipeReader(_pipe.Reader, new AddressBudget { Connections = connections });
        var sent = Enumerable.Range(0, 20_000).Select(i => (byte)i).ToArray();
        await _pipe.Writer.WriteAsync(sent);
        await _pipe.Writer.CompleteAsync();
        var (read, slices) = (new List<byte>(), 0);
        for (var isCompleted = false; !isCompleted; slices++)
        {
            if (!tries || !reader.TryRead(out var result))
            {
                result = await reader.ReadAsync();
            }

            read.AddRange(result.Buffer.ToArray());
            isCompleted = result.IsCompleted;
            reader.AdvanceTo(result.Buffer.End);
        }

        Assert.That(read, Is.EqualTo(sent));
        Assert.That(slices, Is.EqualTo(expected));
    }

    [Test]
    public async Task ReadAsync_CancelledAndCompleted_SaysSo()
    {
        var reader = new FairPipeReader(_pipe.Reader);
        var reading = reader.ReadAsync();
        reader.CancelPendingRead();
        var cancelled = await reading;
        reader.AdvanceTo(cancelled.Buffer.End);
        await _pipe.Writer.CompleteAsync();

        Assert.That(cancelled.IsCanceled, Is.True);
        Assert.That((await reader.ReadAsync()).IsCompleted, Is.True);
    }

    private static async Task<bool> IsAtOnceAsync(FairPipeReader reader)
    {
        // The thread of the test is not of the pool that goes on: what is not there at once can be later only.
        var reading = reader.ReadAsync();
        var atOnce = reading.IsCompleted;
        reader.AdvanceTo((await reading).Buffer.GetPosition(1));
        return atOnce;
    }
}
