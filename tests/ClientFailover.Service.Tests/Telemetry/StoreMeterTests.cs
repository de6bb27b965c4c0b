using ClientFailover.Service.Liveness;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tests.Storage;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Telemetry;

public sealed class StoreMeterTests
{
    [Test]
    public async Task Meter_DatabaseIsLockedForAWhile_ShowsFailuresAndWhatBecameOfWrites()
    {
        using var reading = new MeterReading();
        var time = new FakeTimeProvider();
        using var traces = new ServiceTraces(time);
        var options = new StoreOptions { DataDirectory = NewDirectory(), BusyTimeout = TimeSpan.Zero };
        await using var store = new SqliteGroupStore(
            Options.Create(options), time, new Pulses(time), NullLogger<SqliteGroupStore>.Instance, new StoreMeter(reading.Meter, traces));
        _ = new StoreStateMeter(reading.Meter, store);
        Assert.That(reading.Read(Instruments.StoreWritable), Is.EqualTo(new[] { 0.0 }), "It is not open yet.");

        await store.LoadAsync(default);
        await WriteAsync(store, mustBeDurable: true);
        Assert.That(reading.Read(Instruments.StoreWritable), Is.EqualTo(new[] { 1.0 }));
        Assert.That(reading.Read(Instruments.Commit), Has.Length.EqualTo(1));
        using (var other = new SqliteConnection($"Data Source={Path.Combine(options.DataDirectory, DatabaseFile.FileName)};Pooling=False"))
        {
            other.Open();
            using var transaction = other.BeginTransaction(deferred: false);
            await WriteAsync(store, mustBeDurable: true);
            await WriteAsync(store, mustBeDurable: false);
            Assert.That(reading.Read(Instruments.StoreWritable), Is.EqualTo(new[] { 0.0 }));
            Assert.That(reading.Read(Instruments.StoreFailures).Single(), Is.GreaterThanOrEqualTo(1));
        }

        time.Advance(options.RetryInterval);

        Assert.That(() => reading.Read(Instruments.StoreWritable), Is.EqualTo(new[] { 1.0 }).After(60_000, 10));
        Assert.That(reading.ReadAll(Instruments.StoreWrites), Is.EqualTo(new Dictionary<string, double>
        {
            ["outcome=durable"] = 1,
            ["outcome=deferred"] = 1,
            ["outcome=refused"] = 1,
        }));
        Assert.That(reading.Read(Instruments.Commit), Is.All.InRange(0, 60));
    }

    private static Task<(StoreOutcome Outcome, long First)> WriteAsync(SqliteGroupStore store, bool mustBeDurable)
    {
        var write = new TestWrite(Key("g"), mustBeDurable, [mustBeDurable ? Created("g") : Promoted("a", 1)], 1);
        store.Append(write);
        return write.Done;
    }
}
