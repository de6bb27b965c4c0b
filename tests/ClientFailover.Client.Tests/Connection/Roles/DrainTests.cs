using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection.Roles;

/// <summary>Orders to hand over.</summary>
[TestFixture]
public sealed class DrainTests
{
    private static readonly TimeSpan TimeLeft = TimeSpan.FromSeconds(5);

    [Test]
    public async Task OrderDrain_MemberStops_AcknowledgedWithItsTime()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsPrimaryAsync();
        rig.Member.OnDrain = (_, _) => Task.FromResult<DateTimeOffset?>(FakeRig.Start);

        var final = await session.OrderDrainAsync(TimeLeft, "RoleOverride").Soon();

        Assert.That(final, Is.EqualTo(FakeRig.Start));
        Assert.That(rig.Member.Drains, Is.EqualTo(new[] { new DrainOrder(2, "RoleOverride", TimeLeft) }));
        Assert.That(rig.Client.Role.Role, Is.EqualTo(FailoverRole.Primary));
    }

    [Test]
    public async Task Reply_StillPrimaryWhileDraining_DoesNotResume()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsPrimaryAsync();
        await session.OrderDrainAsync(TimeLeft).Soon();
        var told = rig.Member.All.Count;

        // What the service answers until the successor is assigned: Primary, in the old term.
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        await session.NextHeartbeatAsync().Soon();
        rig.Time.Advance(TimeSpan.FromSeconds(20));
        await session.NextHeartbeatAsync().Soon();

        Assert.That(rig.Member.All, Has.Count.EqualTo(told));
    }

    [Test]
    public async Task Reply_StillPrimaryLongAfterTheOrdersTime_Resumes()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsPrimaryAsync();
        await session.OrderDrainAsync(TimeLeft).Soon();

        for (var i = 0; i < 4; i++)
        {
            rig.Time.Advance(TimeSpan.FromSeconds(20));
            await session.NextHeartbeatAsync().Soon();
        }

        var state = await rig.Member.NextAsync(s => s.Since == FakeRig.Start && s.Role == FailoverRole.Primary);
        Assert.That(state.Term, Is.EqualTo(1));
    }

    [Test]
    public async Task Assign_PrimaryWhileDraining_CancelsDrainThenTellsMember()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsPrimaryAsync();
        var started = new TaskCompletionSource();
        var ended = false;
        rig.Member.OnDrain = async (_, cancellation) =>
        {
            started.SetResult();
            try
            {
                await Task.Delay(Timeout.Infinite, cancellation);
            }
            finally
            {
                ended = true;
            }

            return null;
        };
        bool? endedBefore = null;
        rig.Member.OnAssume = _ => endedBefore = ended;
        var draining = session.OrderDrainAsync(TimeLeft);
        await started.Task.Soon();
        var whilePrimary = rig.Client.WhilePrimary;

        await session.AssignAsync(FailoverRole.Primary, "HandoverCancelled").Soon();

        Assert.That(endedBefore, Is.True);
        Assert.That(await draining.Soon(), Is.Null);
        Assert.That(whilePrimary.IsCancellationRequested, Is.False);
        Assert.That(rig.Member.All[^1].Term, Is.EqualTo(3));
    }

    [Test]
    public async Task OrderDrain_MemberExceedsTime_CancelledAndAcknowledgedUnknown()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsPrimaryAsync();
        var started = new TaskCompletionSource();
        rig.Member.OnDrain = async (_, cancellation) =>
        {
            started.SetResult();
            await Task.Delay(Timeout.Infinite, cancellation);
            return FakeRig.Start;
        };
        var draining = session.OrderDrainAsync(TimeLeft);
        await started.Task.Soon();

        rig.Time.Advance(TimeLeft);

        Assert.That(await draining.Soon(), Is.Null);
    }

    [Test]
    public async Task OrderDrain_MemberThrows_AcknowledgedUnknown()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsPrimaryAsync();
        rig.Member.OnDrain = (_, _) => throw new InvalidOperationException("broken");

        Assert.That(await session.OrderDrainAsync(TimeLeft).Soon(), Is.Null);
        Assert.That(rig.Log.Text, Does.Contain("broken"));
    }

    [Test]
    public async Task Report_WhileDraining_IsAsked()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsPrimaryAsync();
        var stop = new TaskCompletionSource<DateTimeOffset?>();
        rig.Member.OnDrain = (_, _) => stop.Task;
        var draining = session.OrderDrainAsync(TimeSpan.FromSeconds(30));
        await rig.Member.DrainsAsync();
        rig.Member.OnReport = () => new AdapterReport(42, FakeRig.Start);

        rig.Time.Advance(TimeSpan.FromSeconds(20));

        Assert.That((await session.NextHeartbeatAsync().Soon()).FailoverScore, Is.EqualTo(42));
        stop.SetResult(FakeRig.Start);
        Assert.That(await draining.Soon(), Is.EqualTo(FakeRig.Start));
    }
}
