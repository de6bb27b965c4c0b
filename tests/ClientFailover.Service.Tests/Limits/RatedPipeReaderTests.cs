using System.Diagnostics.Metrics;
using System.IO.Pipelines;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Limits;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Limits;

[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class RatedPipeReaderTests : IDisposable
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly LimitMeter _meter;
    private readonly Pipe _pipe = new(new PipeOptions(pauseWriterThreshold: 0));
    private readonly RatedPipeReader _reader;
    private readonly Rate _rate;
    private readonly Rate _known;
    private readonly Rate _own;
    private readonly AddressBudget _address;
    private readonly ConnectionEntry _entry;

    public RatedPipeReaderTests()
    {
        _meter = new LimitMeter(_services.GetRequiredService<IMeterFactory>());
        _rate = new Rate(_time, perSecond: 1000, burst: 1000);
        _known = new Rate(_time, perSecond: 1000, burst: 1000);
        _own = new Rate(_time, perSecond: 1, burst: 10);
        _address = new AddressBudget { StrangersInput = _rate, Input = _known };
        _entry = Enter(_address);
        _reader = new RatedPipeReader(_pipe.Reader, _entry, _own, _meter, _time);
    }

    public void Dispose()
    {
        _meter.Dispose();
        _services.Dispose();
    }

    [Test]
    public async Task Read_WithinTheRate_IsAtOnce()
    {
        await _pipe.Writer.WriteAsync(new byte[1000]);

        var read = await _reader.ReadAsync();

        Assert.That(read.Buffer.Length, Is.EqualTo(1000));
    }

    [Test]
    public async Task Read_BeyondTheRate_WaitsAndLosesNothing()
    {
        await SpendAsync(1500);
        _own.Charge(100);
        await _pipe.Writer.WriteAsync(new byte[7]);

        var reading = _reader.ReadAsync().AsTask();
        Assert.That(_reader.TryRead(out _), Is.False);
        _time.Advance(TimeSpan.FromMilliseconds(400));
        Assert.That(reading.IsCompleted, Is.False);
        await AdvanceUntilAsync(reading);

        Assert.That((await reading).Buffer.Length, Is.EqualTo(7));
    }

    [Test]
    public async Task Read_OthersOfItsAddressAreBeyondTheRate_WaitsNotForWhatItHasOfItsOwn()
    {
        _rate.Charge(10_000);
        await SpendAsync(10);
        await SpendAsync(1);
        await _pipe.Writer.WriteAsync(new byte[7]);

        Assert.That(_reader.TryRead(out _), Is.False, "It has sent more than that.");
        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.That(_rate.Overdrawn, Is.GreaterThan(TimeSpan.Zero));
        Assert.That(_reader.TryRead(out var read), Is.True, "Its own has come in again.");
        Assert.That(read.Buffer.Length, Is.EqualTo(7));
    }

    [Test]
    public async Task Read_WhileTheAddressIsWithinTheRate_SpendsNothingOfItsOwn()
    {
        await SpendAsync(900);
        _rate.Charge(10_000);
        await _pipe.Writer.WriteAsync(new byte[7]);

        Assert.That(_reader.TryRead(out _), Is.True);
    }

    [Test]
    public async Task Read_OnlyLooked_CostsNothing()
    {
        await _pipe.Writer.WriteAsync(new byte[900]);
        for (var i = 0; i < 10; i++)
        {
            var read = await _reader.ReadAsync();
            _reader.AdvanceTo(read.Buffer.Start);
        }

        Assert.That(_reader.TryRead(out _), Is.True);
    }

    [Test]
    public async Task Read_StrangersOfItsAddressAreBeyondTheirRate_WhoIsKnownDoesNotWait()
    {
        _own.Charge(1_000_000);
        _rate.Charge(1_000_000);
        await _pipe.Writer.WriteAsync(new byte[900]);
        Assert.That(_reader.TryRead(out _), Is.False);

        _entry.Authenticated();

        Assert.That(_reader.TryRead(out var read), Is.True);
        _reader.AdvanceTo(read.Buffer.End);
        Assert.That((_rate.IsFull, _known.IsFull), Is.EqualTo((false, false)));
    }

    [Test]
    public async Task Read_KnownOnesOfItsAddressAreBeyondTheirRate_WaitsThoughStrangersAreNot()
    {
        _own.Charge(1_000_000);
        _known.Charge(1_000_000);
        _entry.Authenticated();
        await _pipe.Writer.WriteAsync(new byte[900]);

        Assert.That(_reader.TryRead(out _), Is.False);
    }

    /// <summary>Each is let wait for bytes while the rate is not used up; these come for all at the same time.</summary>
    [Test]
    public async Task Read_ManyConnectionsAtTheSameTime_OverdrawNoMoreThanOneDoes()
    {
        _own.Charge(1_000_000);
        var pipes = Enumerable.Range(0, 100).Select(_ => new Pipe(new PipeOptions(readerScheduler: PipeScheduler.Inline))).ToList();
        var readers = pipes.ConvertAll(p => new RatedPipeReader(p.Reader, Enter(_address), _own, _meter, _time));
        var reading = readers.ConvertAll(r => r.ReadAsync().AsTask());
        foreach (var pipe in pipes)
        {
            await pipe.Writer.WriteAsync(new byte[600]);
        }

        Assert.That(_rate.Overdrawn, Is.EqualTo(TimeSpan.FromSeconds(0.2)), "Two of 600 bytes each, where 1000 were allowed.");
        for (var i = 0; i < readers.Count; i++)
        {
            await AdvanceUntilAsync(Task.WhenAny(reading));
            var next = reading.FindIndex(r => r.IsCompleted);
            var read = await reading[next];
            Assert.That(read.Buffer.Length, Is.EqualTo(600));
            readers[next].AdvanceTo(read.Buffer.End);
            reading[next] = new TaskCompletionSource<ReadResult>().Task;
        }
    }

    [Test]
    public async Task Read_HeldAndGivenUp_IsThereForTheNextRead()
    {
        _rate.Charge(2000);
        _own.Charge(1_000_000);
        await _pipe.Writer.WriteAsync(new byte[7]);
        using var enough = new CancellationTokenSource();
        var given = _reader.ReadAsync(enough.Token).AsTask();

        await enough.CancelAsync();

        Assert.That(async () => await given, Throws.InstanceOf<OperationCanceledException>());
        var reading = _reader.ReadAsync().AsTask();
        await AdvanceUntilAsync(reading);
        Assert.That((await reading).Buffer.Length, Is.EqualTo(7));
    }

    [Test]
    public async Task CancelPendingRead_WhileSomethingIsHeld_EndsTheWait()
    {
        _rate.Charge(1_000_000_000);
        _own.Charge(1_000_000);
        await _pipe.Writer.WriteAsync(new byte[7]);
        var reading = _reader.ReadAsync().AsTask();
        var begin = _time.GetUtcNow();

        _reader.CancelPendingRead();
        await AdvanceUntilAsync(reading);

        var read = await reading;
        Assert.That((read.Buffer.Length, read.IsCanceled), Is.EqualTo((7L, false)), "It had come before.");
        _reader.AdvanceTo(read.Buffer.End);
        Assert.That((await _reader.ReadAsync()).IsCanceled, Is.True);
        Assert.That(_time.GetUtcNow() - begin, Is.LessThan(TimeSpan.FromSeconds(500_000)));
    }

    [Test]
    public async Task CancelPendingRead_WhileItWaits_EndsTheWait()
    {
        var begin = _time.GetUtcNow();
        _own.Charge(1_000_000);
        var slow = new RatedPipeReader(
            _pipe.Reader, Enter(new AddressBudget { StrangersInput = new Rate(_time, perSecond: 0.001, burst: 1) }), _own, _meter, _time);
        await SpendAsync(1_000_000, slow);

        var reading = slow.ReadAsync().AsTask();
        slow.CancelPendingRead();
        await AdvanceUntilAsync(reading);

        Assert.That((await reading).IsCanceled, Is.True);
        Assert.That(_time.GetUtcNow() - begin, Is.LessThan(TimeSpan.FromSeconds(500_000_000)), "It is overdrawn for a thousand million seconds.");
    }

    private ConnectionEntry Enter(AddressBudget address) => new(new ConnectionGate(new ServiceOptions(), _time), address, () => { });

    private async Task SpendAsync(int bytes, RatedPipeReader? reader = null)
    {
        await _pipe.Writer.WriteAsync(new byte[bytes]);
        var read = await (reader ?? _reader).ReadAsync();
        (reader ?? _reader).AdvanceTo(read.Buffer.End);
    }

    private async Task AdvanceUntilAsync(Task task)
    {
        while (!task.IsCompleted)
        {
            _time.Advance(TimeSpan.FromMilliseconds(100));
            await Task.Yield();
        }
    }
}
