using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>What an administrator's order does, while it holds and when it ends.</summary>
public sealed class OverrideTests
{
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Test]
    public void Primary_OfALiveSession_IsAPlannedHandoverWithoutHold()
    {
        var group = new RuleGroup().WithRest("a", "b");

        group.Override("b", RoleOverride.Primary);

        Assert.That(group.Pending, Is.EqualTo("b"));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.RoleOverride));
        group.Silence(1);
        Assert.That(group.Beat("b", 0).Reply!.Value.Role, Is.EqualTo(Role.PendingPrimary));
        Assert.That(group.Beat("b", 0).Reply!.Value.Role, Is.EqualTo(Role.Primary));
    }

    [Test]
    public void Primary_OfASilentSession_WaitsUntilItIsLive()
    {
        var group = new RuleGroup().WithRest("a");
        group.Register("b");

        group.Override("b", RoleOverride.Primary);
        Assert.That(group.Pending, Is.Null);
        group.Beat("b", 0);
        group.Beat("b", 0);

        Assert.That(group.Primary, Is.EqualTo("b"));
    }

    [Test]
    public void PrimaryByOrder_Stale_StaysPrimary()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("a", RoleOverride.Primary);

        group.Pass(600, mute: "a");

        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That(group.Pending, Is.Null);
    }

    [Test]
    public void PrimaryByOrder_WithdrawnWhileStale_IsReplaced()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("a", RoleOverride.Primary);
        group.Pass(600, mute: "a");

        group.Override("a", RoleOverride.Off);

        Assert.That(group.Pending, Is.EqualTo("b"));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.RoleOverrideEnded));
    }

    [Test]
    public void PrimaryByOrder_WithdrawnWhileLive_IsKept()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("a", RoleOverride.Primary);
        group.Pass(600);

        group.Override("a", RoleOverride.Off);
        group.Pass(600);

        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That(group.Term, Is.EqualTo(1));
    }

    [Test]
    public void Secondary_OfThePrimary_HandsOverToTheBestOther()
    {
        var group = new RuleGroup().WithStream("a", "b");

        group.Override("a", RoleOverride.Secondary);
        group.AcknowledgePending("b");

        Assert.That(group.Order!.SessionId, Is.EqualTo("a"));
        Assert.That(group.Pending, Is.EqualTo("b"));
    }

    [Test]
    public void Secondary_OfThePrimaryAlone_LeavesNoPrimary()
    {
        var group = new RuleGroup().WithRest("a");

        group.Override("a", RoleOverride.Secondary);

        Assert.That(group.Primary, Is.Null);
        group.Silence(30);
        Assert.That(group.Beat("a", 100).Reply!.Value.Role, Is.EqualTo(Role.Secondary));
    }

    [Test]
    public void SecondaryAlone_Withdrawn_BecomesPrimaryAgain()
    {
        var group = new RuleGroup().WithRest("a");
        group.Override("a", RoleOverride.Secondary);

        group.Override("a", RoleOverride.Off);
        group.Silence(30);
        group.Beat("a", 100);

        Assert.That(group.Primary, Is.EqualTo("a"));
    }

    [Test]
    public void Secondary_IsNoCandidate()
    {
        var group = new RuleGroup().WithStream("a", "b", "c");
        group.Override("b", RoleOverride.Secondary);

        group.EndStream("a", broken: true);
        group.Silence(1);

        Assert.That(group.Primary, Is.EqualTo("c"));
    }

    [Test]
    public void Primary_OfASecondSession_ReplacesTheFirstOrder()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("a", RoleOverride.Primary, Hour);

        group.Override("b", RoleOverride.Primary, Hour);

        Assert.That(group.Driver.State.Find("a")!.Override, Is.EqualTo(RoleOverride.Off));
        Assert.That(group.Driver.State.Find("b")!.Override, Is.EqualTo(RoleOverride.Primary));
    }

    [Test]
    public void Order_Expires_ByTheWallClock()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("a", RoleOverride.Primary, Hour);
        group.Pass(600, mute: "a");

        group.Driver.JumpUtc(TimeSpan.FromMinutes(50));
        group.Driver.Decide(new ServiceWasAbsent(group.Driver.Now, null));
        group.Silence(0.05);

        Assert.That(group.Driver.State.Find("a")!.Override, Is.EqualTo(RoleOverride.Off));
    }

    [Test]
    public void Order_SurvivesARestart_AndExpiresAfterIt()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("a", RoleOverride.Primary, Hour);

        group.Driver.Restart(TimeSpan.FromMinutes(30));
        group.Silence(1);
        Assert.That(group.Driver.State.Find("a")!.Override, Is.EqualTo(RoleOverride.Primary));
        group.Silence(1800);

        Assert.That(group.Driver.State.Find("a")!.Override, Is.EqualTo(RoleOverride.Off));
    }

    [Test]
    public void Order_SessionRemoved_EndsWithIt()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("b", RoleOverride.Primary);

        group.Unregister("b");
        group.Register("b");

        Assert.That(group.Driver.State.Find("b")!.Override, Is.EqualTo(RoleOverride.Off));
    }

    [Test]
    public void PrimaryByOrder_LowerScore_IsNotHandedOver()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("a", RoleOverride.Primary);
        group.Pass(60);
        group.Silence(20);
        group.Beat("a", 1);

        group.Pass(200);

        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That(group.Pending, Is.Null);
    }

    [Test]
    public void Order_RenewedAsItEnds_DoesNotEnd()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("b", RoleOverride.Secondary, TimeSpan.FromMinutes(1));
        group.Silence(59.99);
        var state = group.Driver.State;
        var renewed = ChangePlanner.Plan(state, new SetRoleOverride("b", RoleOverride.Secondary, Hour), group.Driver.Now).Events;

        // The old one would end while the new one is on its way to the disk.
        state.Planned = renewed;
        group.Silence(0.02);
        group.Driver.Tick();
        state.Planned = [];
        group.Driver.Decide(new ApplyChanges(group.Driver.Now, renewed));
        group.Silence(1);

        var orders = group.Driver.Events.OfType<RoleOverrideChanged>().Select(e => e.Value);
        Assert.That(state.Find("b")!.Override, Is.EqualTo(RoleOverride.Secondary));
        Assert.That(orders, Is.EqualTo(new[] { RoleOverride.Secondary, RoleOverride.Secondary }), "an end would be recorded after the renewal");
    }

    [Test]
    public void Order_RenewalComesToNothing_EndsAfterAll()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("b", RoleOverride.Secondary, TimeSpan.FromMinutes(1));
        group.Driver.State.Planned = ChangePlanner.Plan(group.Driver.State, new SetRoleOverride("b", RoleOverride.Secondary, Hour), group.Driver.Now).Events;
        group.Silence(60);

        group.Driver.State.Planned = [];
        group.Driver.Tick();

        Assert.That(group.Driver.State.Find("b")!.Override, Is.EqualTo(RoleOverride.Off));
    }

    [Test]
    public void Order_OfAnotherSessionOnItsWay_KeepsNoneFromEnding()
    {
        var group = new RuleGroup().WithRest("a", "b", "c");
        group.Override("b", RoleOverride.Secondary, TimeSpan.FromMinutes(1));
        group.Driver.State.Planned = ChangePlanner.Plan(group.Driver.State, new SetRoleOverride("c", RoleOverride.Secondary, Hour), group.Driver.Now).Events;

        group.Silence(60);

        Assert.That(group.Driver.State.Find("b")!.Override, Is.EqualTo(RoleOverride.Off));
    }

    [Test]
    public void Secondary_OfTheCandidateForARestartedPrimary_AnotherTakesOver()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Register("c");
        group.Beat("c", 55);
        group.RegisterAgain("a");
        Assert.That(group.Pending, Is.EqualTo("b"));

        group.Override("b", RoleOverride.Secondary);

        Assert.That(group.Pending, Is.EqualTo("c"), "its buffer holds what the Primary has lost");
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.PrimaryRestarted));
    }
}
