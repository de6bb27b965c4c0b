using ClientFailover.Client.Connection.Sessions;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Sessions;

/// <summary>When heartbeats are sent.</summary>
[TestFixture]
public sealed class BeatTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    [Test]
    public void Due_Rest_AtOnceAfterASecondThenEveryHalfTimeout()
    {
        var schedule = New(ConnectionState.Rest);

        Assert.That(Run(schedule, 4), Is.EqualTo(new[] { 0d, 1, 31, 61 }));
    }

    [Test]
    public void Due_Stream_EveryThirdOfTheTimeout()
    {
        var schedule = New(ConnectionState.Stream);

        Assert.That(Run(schedule, 4), Is.EqualTo(new[] { 0d, 20, 40, 60 }));
    }

    [Test]
    public void Due_PendingOverRest_ConfirmedAtOnceAtMostTenTimes()
    {
        var schedule = New(ConnectionState.Rest);
        schedule.Sent(TimeSpan.Zero);
        var confirmed = 0;
        var now = TimeSpan.Zero;
        for (var i = 0; i < 20; i++)
        {
            schedule.Answered(now, FailoverRole.PendingPrimary);
            if (schedule.Due > now)
            {
                break;
            }

            confirmed++;
            schedule.Sent(now);
        }

        Assert.That(confirmed, Is.EqualTo(10));
    }

    [TestCase(ConnectionState.Stream, 60, 0.8)]
    [TestCase(ConnectionState.Stream, 1.5, 0.4)]
    [TestCase(ConnectionState.Rest, 60, 0.8)]
    [TestCase(ConnectionState.Rest, 1.5, 0.6)]
    public void Soon_JustSent_WaitsForTheLeastGap(ConnectionState kind, double timeout, double gap)
    {
        var schedule = new BeatSchedule(kind);
        schedule.Set(TimeSpan.FromSeconds(timeout), TimeSpan.FromSeconds(timeout / (kind == ConnectionState.Stream ? 3 : 2)));
        schedule.Sent(TimeSpan.FromSeconds(10));

        schedule.Soon();

        Assert.That(schedule.Due.TotalSeconds, Is.EqualTo(10 + gap).Within(1e-6));
    }

    [TestCase(0.5, 0.6)]
    [TestCase(0, 0.9)]
    [TestCase(null, 0.9)]
    public void TooSoon_Told_NextOneWhenTheServiceTakesIt(double? retryAfter, double due)
    {
        var schedule = New(ConnectionState.Stream);
        schedule.Sent(TimeSpan.Zero);

        schedule.TooSoon(TimeSpan.FromSeconds(0.1), retryAfter is { } told ? TimeSpan.FromSeconds(told) : null);

        Assert.That(schedule.Due.TotalSeconds, Is.EqualTo(due).Within(1e-6));
    }

    [Test]
    public void Set_IntervalLongerThanAThird_IsCutDown()
    {
        var schedule = new BeatSchedule(ConnectionState.Stream);
        schedule.Set(Minute, TimeSpan.FromMinutes(10));

        Assert.That(Run(schedule, 2), Is.EqualTo(new[] { 0d, 20 }));
    }

    [Test]
    public async Task ReportSoon_ScoreFell_BeatsBeforeItIsDue()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsync();
        rig.Member.OnReport = () => new AdapterReport(25, null);

        rig.Client.ReportSoon();
        rig.Time.Advance(TimeSpan.FromSeconds(0.8));

        var heartbeat = await session.NextHeartbeatAsync().Soon();
        Assert.That((heartbeat.FailoverScore, heartbeat.Time), Is.EqualTo((25f, FakeRig.Start.AddSeconds(0.8))));
    }

    [Test]
    public async Task Run_Stream_BeatsAtOnceThenEveryThird()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsync();
        Assert.That(session.LastHeartbeat!.Time, Is.EqualTo(FakeRig.Start));

        for (var i = 1; i <= 5; i++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(20));
            Assert.That((await session.NextHeartbeatAsync().Soon()).Time, Is.EqualTo(FakeRig.Start.AddSeconds(20 * i)));
        }
    }

    [Test]
    public async Task Run_GroupHasAnotherTimeout_IsAdopted()
    {
        await using var rig = new FakeRig();
        rig.Service.FailoverTimeout = TimeSpan.FromSeconds(6);
        var session = await rig.JoinAsync();

        rig.Time.Advance(TimeSpan.FromSeconds(2));

        await session.NextHeartbeatAsync().Soon();
        Assert.That(rig.Client.FailoverTimeout, Is.EqualTo(TimeSpan.FromSeconds(6)));
        Assert.That(rig.Member.FailoverTimeout, Is.EqualTo(TimeSpan.FromSeconds(6)));
    }

    private static BeatSchedule New(ConnectionState kind)
    {
        var schedule = new BeatSchedule(kind);
        schedule.Set(Minute, Minute / (kind == ConnectionState.Stream ? 3 : 2));
        return schedule;
    }

    private static List<double> Run(BeatSchedule schedule, int count)
    {
        var sent = new List<double>();
        for (var i = 0; i < count; i++)
        {
            sent.Add(schedule.Due.TotalSeconds);
            schedule.Sent(schedule.Due);
        }

        return sent;
    }
}
