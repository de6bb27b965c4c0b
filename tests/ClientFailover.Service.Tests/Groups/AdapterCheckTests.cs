using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using Microsoft.Extensions.Logging;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

public sealed class AdapterCheckTests
{
    [TestCase(3, 6.5, true)]
    [TestCase(2, 6.5, false, Description = "A lost beat or two is no setting")]
    [TestCase(9, 5.0, false)]
    public async Task Heartbeat_LongIntervals_AreWarnedOfOnce(int beats, double seconds, bool warned)
    {
        var log = new RecordingLogger<GroupOwner>();
        using var bench = new OwnerBench(logger: log);
        var owner = await bench.GroupAsync("G", "A");
        await OwnerBench.BeatAsync(owner, "A");

        for (var i = 0; i < beats; i++)
        {
            bench.Pass(TimeSpan.FromSeconds(seconds));
            await OwnerBench.BeatAsync(owner, "A");
        }

        if (warned)
        {
            Assert.That(() => Warnings(log), Is.EqualTo(1).After(60_000, 1));
            Assert.That(log.Entries.Single(e => e.Level == LogLevel.Warning).Text, Does.Contain("every 6.5 s").And.Contain("timeout is 10.0 s"));
        }
        else
        {
            Assert.That(Warnings(log), Is.Zero);
        }
    }

    [Test]
    public async Task Heartbeat_ClockAhead_IsWarnedOfOnceAndCapped()
    {
        var log = new RecordingLogger<GroupOwner>();
        using var bench = new OwnerBench(logger: log);
        var owner = await bench.GroupAsync("G", "A");
        await OwnerBench.BeatAsync(owner, "A");

        RoleReply? reply = null;
        for (var i = 0; i < 3; i++)
        {
            bench.Pass(TimeSpan.FromSeconds(5));
            reply = (await owner.HeartbeatAsync("A", new HeartbeatReport(100, bench.Clock.Now.Utc.AddHours(1), null), default)).Reply;
        }

        Assert.That(() => Warnings(log), Is.EqualTo(1).After(60_000, 1));
        Assert.That(reply!.Value.LastDataProcessedTime, Is.EqualTo(bench.Clock.Now.Utc));
    }

    [Test]
    public async Task Heartbeat_ClockAheadAfterRegisteringAnew_IsWarnedOfAgain()
    {
        var log = new RecordingLogger<GroupOwner>();
        using var bench = new OwnerBench(logger: log);
        var owner = await bench.GroupAsync("G", "A");
        for (var life = 1; life <= 3; life++)
        {
            await owner.HeartbeatAsync("A", new HeartbeatReport(100, bench.Clock.Now.Utc.AddHours(1), null), default);
            Assert.That(() => Warnings(log), Is.EqualTo(life).After(60_000, 1));

            await owner.ChangeAsync(new UnregisterSession("a"), default);
            if (life == 2)
            {
                await owner.ChangeAsync(new DeleteGroup(), default);
            }

            await bench.GroupAsync("G", "A");
        }
    }

    [Test]
    public void IsNew_IdInAnotherCase_IsTheSameSession()
    {
        var check = new AdapterCheck();
        string[] ids = ["pump", "Pump", "PUMP", "pUMP"];

        Assert.That(ids.Count(id => check.IsNew(id, AdapterFinding.ClockAhead)), Is.EqualTo(1));
        Assert.That(ids.Count(id => check.IsNew(id, AdapterFinding.LongInterval)), Is.EqualTo(1), "The third in a row.");
    }

    private static int Warnings(RecordingLogger<GroupOwner> log) => log.Entries.Count(e => e.Level == LogLevel.Warning);
}
