using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>What a restart of the service keeps, and whom it presumes live.</summary>
public sealed class RestartTests
{
    [Test]
    public void Restart_KeepsRolesTermAndSessions()
    {
        var group = new RuleGroup().WithRest("a", "b");

        group.Driver.Restart(TimeSpan.FromMinutes(10));

        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That(group.Term, Is.EqualTo(1));
        Assert.That(group.Driver.State.Sessions.Select(s => s.Id), Is.EquivalentTo(new[] { "a", "b" }));
    }

    [Test]
    public void Restart_Primary_HasAFullNewDeadline()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Driver.Restart(TimeSpan.FromMinutes(10));

        group.Pass(60, mute: "a");
        group.Silence(1.999);
        Assert.That(group.Pending, Is.Null);
        group.Silence(0.001);

        Assert.That(group.Pending, Is.EqualTo("b"));
    }

    [Test]
    public void Restart_NobodyElse_IsACandidateUntilHeard()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Driver.Restart(TimeSpan.FromSeconds(5));

        group.Unregister("a");
        Assert.That(group.Pending, Is.Null);
        var decision = group.Beat("b", 100);

        Assert.That(decision.Reply!.Value.Role, Is.EqualTo(Role.Primary));
    }

    [Test]
    public void Restart_PendingPrimary_IsKeptAndPromotedByItsConfirmation()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("b", RoleOverride.Primary);
        group.Silence(1);
        group.Beat("b", 100);

        group.Driver.Restart(TimeSpan.FromSeconds(5));
        Assert.That(group.Pending, Is.EqualTo("b"));
        group.Beat("b", 100);
        group.Beat("b", 100);

        Assert.That(group.Primary, Is.EqualTo("b"));
    }

    [Test]
    public void Restart_FirstHeartbeat_IsNeverTooSoon()
    {
        var group = new RuleGroup().WithRest("a");

        group.Driver.Restart(TimeSpan.Zero);

        Assert.That(group.Beat("a", 100).Refusal, Is.Null);
    }

    [Test]
    public void Restart_GroupWithAPrimaryThatNeverReturns_LosesItOnce()
    {
        var group = new RuleGroup().WithStream("a", "b");

        group.Driver.Restart(TimeSpan.FromSeconds(5));
        group.Hello("b", term: 1);
        group.Pass(120, mute: "a");

        Assert.That(group.Primary, Is.EqualTo("b"));
        Assert.That(group.Driver.Events.OfType<SessionLost>().Count(e => e.SessionId == "a"), Is.EqualTo(1));
    }

    [TestCase(Role.Primary)]
    [TestCase(Role.PendingPrimary)]
    public void Restart_GivenARoleWhileItWasRemoved_RegistersWithoutIt(Role stale)
    {
        var group = new RuleGroup().WithRest("a", "b").Driver.Recorded;
        var time = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);

        // What is decided while the removal is on its way to the disk is recorded after it.
        var stored = group
            .Apply(new SessionUnregistered(time, "b"))
            .Apply(new RoleChanged(time, "b", Role.Secondary, stale, 2, Reason.PrimaryTimedOut, null))
            .Apply(new SessionRegistered(time, "B", null, null, 3));

        Assert.That(stored.PendingPrimary, Is.Null);
        Assert.That(stored.Primary, Is.EqualTo(stale == Role.Primary ? null : "a"));
    }
}
