using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

public sealed class DeadlineSchedulerTests
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(50);

    private readonly FakeTimeProvider _time = new();

    [Test]
    public void RunDue_SeveralHolders_TicksThoseWhoseTimeHasComeInOrder()
    {
        var (scheduler, log) = Create(out var holders);
        using (scheduler)
        {
            scheduler.Arm(holders[0], TimeSpan.FromMilliseconds(40));
            scheduler.Arm(holders[1], TimeSpan.FromMilliseconds(30));
            scheduler.Arm(holders[2], TimeSpan.FromMilliseconds(80));
            _time.Advance(Step);

            var wait = scheduler.RunDue();

            Assert.That(log, Is.EqualTo(["tick 1", "tick 0"]));
            Assert.That(wait, Is.EqualTo(TimeSpan.FromMilliseconds(30)));
        }
    }

    [Test]
    public void Arm_Earlier_TicksOnceAtTheEarlierTime()
    {
        var (scheduler, log) = Create(out var holders);
        using (scheduler)
        {
            scheduler.Arm(holders[0], TimeSpan.FromMilliseconds(90));
            scheduler.Arm(holders[0], TimeSpan.FromMilliseconds(40));
            scheduler.Arm(holders[0], TimeSpan.FromMilliseconds(60));
            _time.Advance(Step);
            scheduler.RunDue();
            _time.Advance(Step);
            scheduler.RunDue();

            Assert.That(log, Is.EqualTo(["tick 0"]));
        }
    }

    [Test]
    public void RunDue_TickNamesNextDeadline_IsArmedForIt()
    {
        var (scheduler, log) = Create(out var holders);
        using (scheduler)
        {
            holders[0].Next = TimeSpan.FromMilliseconds(100);
            scheduler.Arm(holders[0], TimeSpan.FromMilliseconds(50));
            _time.Advance(Step);
            scheduler.RunDue();
            holders[0].Next = null;
            _time.Advance(Step);
            scheduler.RunDue();

            Assert.That(log, Is.EqualTo(["tick 0", "tick 0"]));
        }
    }

    [Test]
    public void RunDue_TickFails_OthersGoOnAndItIsTriedAgain()
    {
        var (scheduler, log) = Create(out var holders);
        using (scheduler)
        {
            holders[0].Fault = new InvalidOperationException("a defect");
            scheduler.Arm(holders[0], TimeSpan.FromMilliseconds(10));
            scheduler.Arm(holders[1], TimeSpan.FromMilliseconds(20));
            _time.Advance(Step);
            scheduler.RunDue();
            Assert.That(log, Is.EqualTo(["tick 0", "tick 1"]));

            holders[0].Fault = null;
            for (var i = 0; i < 20; i++)
            {
                _time.Advance(Step);
                scheduler.RunDue();
            }

            Assert.That(log, Is.EqualTo(["tick 0", "tick 1", "tick 0"]));
        }
    }

    [Test]
    public void RunDue_AbsenceFailsForOne_OthersHearOfItAllTheSame()
    {
        var (scheduler, log) = Create(out var holders);
        using (scheduler)
        {
            holders[0].Fault = new InvalidOperationException("a defect");
            _time.Advance(TimeSpan.FromSeconds(1));

            scheduler.RunDue();

            Assert.That(log, Is.EqualTo(["absent 0 1000 ms", "absent 1 1000 ms", "absent 2 1000 ms"]));
        }
    }

    [TestCase(0, Description = "The same far deadline each time")]
    [TestCase(1, Description = "Another each time")]
    public void Arm_FarDeadlineIsReplacedManyTimes_QueueStaysSmall(int milliseconds)
    {
        var (scheduler, _) = Create(out var holders);
        using (scheduler)
        {
            var (now, far) = (TimeSpan.Zero, TimeSpan.FromDays(365));
            for (var i = 0; i < 10_000; i++)
            {
                holders[0].Next = far -= TimeSpan.FromMilliseconds(milliseconds);
                scheduler.Arm(holders[0], now += Step);
                _time.Advance(Step);
                scheduler.RunDue();
            }

            Assert.That(scheduler.Entries, Is.LessThanOrEqualTo(1_024));
            Assert.That(holders[0].ArmedFor, Is.EqualTo(far), "It is still armed.");
        }
    }

    [Test]
    public void Arm_ManyHolders_AllAreTickedAfterTheQueueWasMadeSmaller()
    {
        var log = new List<string>();
        var holders = Enumerable.Range(0, 3_000).Select(i => new Holder(i, log)).ToArray();
        using var scheduler = new DeadlineScheduler(new ServiceClock(_time), NullLogger<DeadlineScheduler>.Instance);
        for (var ms = 50; ms > 40; ms--)
        {
            foreach (var holder in holders)
            {
                scheduler.Arm(holder, TimeSpan.FromMilliseconds(ms));
            }
        }

        Assert.That(scheduler.Entries, Is.LessThanOrEqualTo(2 * holders.Length));
        _time.Advance(Step);
        scheduler.RunDue();

        Assert.That(log, Is.EquivalentTo(holders.Select((_, i) => $"tick {i}")));
    }

    [TestCase(250, 0)]
    [TestCase(251, 3)]
    public void RunDue_KeptFromRunning_TellsOfTheGapBeforeAnyTick(int milliseconds, int told)
    {
        var (scheduler, log) = Create(out var holders);
        using (scheduler)
        {
            scheduler.Arm(holders[0], TimeSpan.FromMilliseconds(10));
            _time.Advance(TimeSpan.FromMilliseconds(milliseconds));

            scheduler.RunDue();

            var absences = Enumerable.Range(0, told).Select(i => $"absent {i} {milliseconds} ms");
            Assert.That(log, Is.EqualTo(absences.Append("tick 0")));
        }
    }

    [TestCase(-1)]
    [TestCase(1)]
    public void RunDue_WallClockJumps_TellsOfAnUnknownGap(int hours)
    {
        var time = new TwoClocks();
        using var scheduler = new DeadlineScheduler(new ServiceClock(time), NullLogger<DeadlineScheduler>.Instance);
        var log = new List<string>();
        scheduler.Everybody = () => [new Holder(0, log)];
        time.Utc += TimeSpan.FromHours(hours);

        scheduler.RunDue();
        scheduler.RunDue();

        Assert.That(log, Is.EqualTo(["absent 0 unknown"]));
    }

    private (DeadlineScheduler Scheduler, List<string> Log) Create(out Holder[] holders)
    {
        var log = new List<string>();
        var all = holders = [new Holder(0, log), new Holder(1, log), new Holder(2, log)];
        return (new DeadlineScheduler(new ServiceClock(_time), NullLogger<DeadlineScheduler>.Instance) { Everybody = () => all }, log);
    }

    private sealed class Holder(int number, List<string> log) : IDeadlineHolder
    {
        public TimeSpan? Next { get; set; }

        public Exception? Fault { get; set; }

        public TimeSpan ArmedFor { get; set; } = TimeSpan.MaxValue;

        public TimeSpan? Tick(Now now)
        {
            log.Add($"tick {number}");
            return Fault is null ? Next : throw Fault;
        }

        public void WasAbsent(TimeSpan? gap)
        {
            log.Add($"absent {number} {(gap is { } g ? $"{g.TotalMilliseconds} ms" : "unknown")}");
            if (Fault is not null)
            {
                throw Fault;
            }
        }
    }

    private sealed class TwoClocks : TimeProvider
    {
        public DateTimeOffset Utc { get; set; } = new(2026, 11, 23, 0, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Utc;

        public override long GetTimestamp() => 0;
    }
}
