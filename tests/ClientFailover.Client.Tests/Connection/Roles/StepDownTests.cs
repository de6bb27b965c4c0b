using ClientFailover.Client.Connection.Roles;
using Microsoft.Extensions.Time.Testing;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Roles;

/// <summary>A Primary that steps down by its own clock.</summary>
[TestFixture]
public sealed class StepDownTests
{
    [Test]
    public async Task Run_ServiceLost_SecondaryAfterThreeQuartersOfTheTimeout()
    {
        await using var rig = new FakeRig(o => o.OnServiceLost = OnServiceLost.StepDown);
        await rig.JoinAsPrimaryAsync();
        var whilePrimary = rig.Client.WhilePrimary;
        rig.Service.IsReachable = false;

        rig.Time.Advance(TimeSpan.FromSeconds(44.9));
        Assert.That(whilePrimary.IsCancellationRequested, Is.False);
        rig.Time.Advance(TimeSpan.FromSeconds(0.1));
        Assert.That(rig.Client.Role.Role, Is.EqualTo(FailoverRole.Secondary));

        Assert.That(whilePrimary.IsCancellationRequested, Is.True);
        Assert.That(rig.Client.Role.Reason, Is.EqualTo("ServiceLost"));
        await rig.Member.NextAsync(s => s.Reason == "ServiceLost");
    }

    [Test]
    public async Task Run_NobodyLooks_SteppedDownByTimer()
    {
        await using var rig = new FakeRig(o => o.OnServiceLost = OnServiceLost.StepDown);
        await rig.JoinAsPrimaryAsync();
        rig.Service.IsReachable = false;

        for (var i = 0; i < 46 * 4; i++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(0.25));
        }

        var state = await rig.Member.NextAsync(s => s.Reason == "ServiceLost");
        Assert.That(state.Since, Is.EqualTo(FakeRig.Start.AddSeconds(45)));
    }

    [Test]
    public async Task Run_ServiceReturns_PrimaryAgainInTheSameTerm()
    {
        await using var rig = new FakeRig(o => o.OnServiceLost = OnServiceLost.StepDown);
        await rig.JoinAsPrimaryAsync();
        rig.Service.IsReachable = false;
        rig.Time.Advance(TimeSpan.FromSeconds(45));
        Assert.That(rig.Client.Role.Role, Is.EqualTo(FailoverRole.Secondary));

        rig.Service.IsReachable = true;

        await rig.Member.NextAsync(s => s.Reason == "ServiceLost");
        var state = await rig.Member.NextAsync(FailoverRole.Primary);
        Assert.That(state.Term, Is.EqualTo(1));
    }

    [Test]
    public async Task Run_ServiceAnswers_StaysPrimary()
    {
        await using var rig = new FakeRig(o => o.OnServiceLost = OnServiceLost.StepDown);
        await rig.JoinAsPrimaryAsync();
        var whilePrimary = rig.Client.WhilePrimary;

        for (var i = 0; i < 20; i++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(20));
            await rig.BeatAsync();
        }

        Assert.That(whilePrimary.IsCancellationRequested, Is.False);
    }

    [Test]
    public void Lease_WallClockRanFurther_IsOver()
    {
        var time = new SuspendedTime();
        var lease = new Lease(time);
        lease.Renew(lease.Now);
        Assert.That(lease.Left(TimeSpan.FromSeconds(60)), Is.EqualTo(TimeSpan.FromSeconds(45)));

        time.Suspend(TimeSpan.FromSeconds(46));

        Assert.That(lease.Left(TimeSpan.FromSeconds(60)), Is.EqualTo(TimeSpan.FromSeconds(-1)));
    }

    [Test]
    public void Lease_OlderAnswerArrivesLate_DoesNotShorten()
    {
        var time = new FakeTimeProvider();
        var lease = new Lease(time);
        var first = lease.Now;
        time.Advance(TimeSpan.FromSeconds(20));
        lease.Renew(lease.Now);

        lease.Renew(first);

        Assert.That(lease.Left(TimeSpan.FromSeconds(60)), Is.EqualTo(TimeSpan.FromSeconds(45)));
    }

    [Test]
    public void Lease_NeverAnswered_IsOver() =>
        Assert.That(new Lease(new FakeTimeProvider()).Left(TimeSpan.FromSeconds(60)), Is.EqualTo(TimeSpan.Zero));

    // The monotonic clock stands still while the machine is suspended.
    private sealed class SuspendedTime : TimeProvider
    {
        private DateTimeOffset _wall = FakeRig.Start;

        public void Suspend(TimeSpan time) => _wall += time;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp() => 0;
    }
}
