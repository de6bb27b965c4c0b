using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>The fencing token: new with each assignment of Primary, only growing.</summary>
public sealed class TermTests
{
    [Test]
    public void Assignment_OfPrimary_HasANewTerm()
    {
        var group = new RuleGroup().WithStream("a", "b");

        group.EndStream("a", broken: true);
        group.Silence(1);

        Assert.That(group.LastRoleChange.Term, Is.EqualTo(2));
        Assert.That(group.Term, Is.EqualTo(2));
    }

    [Test]
    public void Promotion_DemotesTheOtherInTheSameTerm()
    {
        var group = new RuleGroup().WithStream("a", "b");

        group.EndStream("a", broken: true);
        group.Silence(1);

        var demotion = group.Driver.Events.OfType<RoleChanged>().Last(e => e.NewRole == Role.Secondary);
        Assert.That((demotion.SessionId, demotion.Term), Is.EqualTo(("a", 2L)));
    }

    [Test]
    public void Term_GroupDeletedAndRecreated_IsKept()
    {
        var group = new RuleGroup().WithRest("a");
        group.Silence(120);

        group.Driver.Change(new DeleteGroup());
        group.Driver.Change(new CreateGroup(new RequestedGroup("g", null, null, RuleGroup.Timeout, null), RuleGroup.Timeout));
        group.WithRest("a");

        Assert.That(group.LastRoleChange.Term, Is.EqualTo(2));
    }

    [Test]
    public void Term_ServiceRestartedWhileTheGroupWasDeleted_IsKept()
    {
        var group = new RuleGroup().WithRest("a");
        group.Silence(120);
        group.Driver.Change(new DeleteGroup());

        group.Driver.Restart(TimeSpan.FromSeconds(1));
        group.Driver.Change(new CreateGroup(new RequestedGroup("g", null, null, RuleGroup.Timeout, null), RuleGroup.Timeout));
        group.WithRest("a");

        Assert.That(group.LastRoleChange.Term, Is.EqualTo(2));
    }

    [Test]
    public void Term_ReservedByAHandoverThatARestartCut_IsNotGivenToAnother()
    {
        var group = new RuleGroup().WithStream("a", "b");
        group.Override("b", RoleOverride.Primary);
        group.AcknowledgePending("b");
        var reserved = group.Order!.Term;

        group.Driver.Restart(TimeSpan.FromSeconds(1));
        group.Unregister("b");
        group.WithStream("c");
        group.Override("c", RoleOverride.Primary);
        group.Pass(60, mute: "a");

        Assert.That(group.Primary, Is.EqualTo("c"));
        Assert.That(group.LastRoleChange.Term, Is.GreaterThan(reserved));
    }
}
