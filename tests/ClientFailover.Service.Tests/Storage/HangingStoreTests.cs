using ClientFailover.Service.Health.Faults;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tests.Telemetry;
using NUnit.Framework;
using SQLitePCL;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Storage;

public sealed class HangingStoreTests
{
    [Test]
    public async Task Health_CommitDoesNotComeBack_SaysSoAndIsGoodAgainAfterwards()
    {
        using var hangs = new ManualResetEventSlim();
        using var goesOn = new ManualResetEventSlim(initialState: true);
        await using var bench = new StoreBench(new StoreOptions
        {
            DataDirectory = NewDirectory(),
            WriterOpened = connection => raw.sqlite3_commit_hook(
                connection.Handle,
                _ =>
                {
                    hangs.Set();
                    goesOn.Wait();
                    return 0;
                },
                null),
        });
        using var reading = new MeterReading();
        _ = new StoreStateMeter(reading.Meter, bench.Store);
        var fault = new StoreFault(bench.Store);
        await bench.LoadAsync();
        await bench.WriteAsync(Key("g"), true, Created("g"));

        goesOn.Reset();
        hangs.Reset();
        var write = bench.Append(Key("g"), true, Registered("a", 1));
        Assert.That(hangs.Wait(TimeSpan.FromMinutes(1)), Is.True);
        bench.Time.Advance(CommitWatch.Patience);
        Assert.That(bench.Store.Health, Is.EqualTo(StoreHealth.Good), "A disk may be slow.");
        Assert.That(fault.Current, Is.Null);

        bench.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.That(bench.Store.Health, Is.EqualTo(new StoreHealth(false, "the disk has not answered for more than ten seconds")));
        Assert.That(fault.Current, Is.EqualTo("the store cannot be written: the disk has not answered for more than ten seconds"));
        Assert.That(reading.Read(Instruments.StoreWritable), Is.EqualTo(new[] { 0.0 }));

        goesOn.Set();
        Assert.That((await write.Done).Outcome, Is.EqualTo(StoreOutcome.Durable));
        Assert.That(bench.Store.Health, Is.EqualTo(StoreHealth.Good));
        Assert.That(fault.Current, Is.Null);
        Assert.That(reading.Read(Instruments.StoreWritable), Is.EqualTo(new[] { 1.0 }));

        bench.Time.Advance(TimeSpan.FromHours(1));
        Assert.That(bench.Store.Health, Is.EqualTo(StoreHealth.Good), "Where nothing is asked nothing is owed.");
    }
}
