using ClientFailover.Engine;
using ClientFailover.Service.Telemetry;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Telemetry;

public sealed class HeartbeatMeterTests
{
    [Test]
    public void Value_ManyThreadsAdd_IsTheSum()
    {
        const int threads = 8;
        const int each = 50_000;
        var counter = new StripedCounter();

        Parallel.For(0, threads, new ParallelOptions { MaxDegreeOfParallelism = threads }, _ =>
        {
            for (var i = 0; i < each; i++)
            {
                counter.Increment();
            }
        });

        Assert.That(counter.Value, Is.EqualTo(threads * each));
    }

    [Test]
    public void Count_EachTransportAndOutcome_IsASeriesOfItsOwnFromTheStart()
    {
        using var reading = new MeterReading();
        var heartbeats = new HeartbeatMeter(reading.Meter);
        Assert.That(reading.Read(Instruments.Heartbeats, "transport=stream,outcome=too_soon"), Is.EqualTo(new[] { 0.0 }));

        heartbeats.Rest.Count(null);
        heartbeats.Rest.Count(null);
        heartbeats.Grpc.Count(new Refusal(RefusalKind.SessionNotFound));
        heartbeats.Stream.Count(new Refusal(RefusalKind.HeartbeatTooSoon));

        Assert.That(reading.ReadAll(Instruments.Heartbeats), Is.EqualTo(new Dictionary<string, double>
        {
            ["transport=rest,outcome=accepted"] = 2,
            ["transport=grpc,outcome=refused"] = 1,
            ["transport=stream,outcome=too_soon"] = 1,
        }));
    }

    [Test]
    public void Count_OfAHeartbeat_TakesNoMemory()
    {
        using var reading = new MeterReading();
        var counts = new HeartbeatMeter(reading.Meter).Stream;
        counts.Count(null);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1_000; i++)
        {
            counts.Count(null);
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - before, Is.Zero);
    }
}
