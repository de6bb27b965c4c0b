using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>Which sessions may be removed because nobody hears from them.</summary>
public sealed class StaleSessionTests
{
    [Test]
    public void UnregisterStale_LostSecondary_IsRemovedForThatReason()
    {
        var group = new RuleGroup().WithRest("a", "b", "c");
        group.Pass(100, "c");

        var plan = Plan(group, "c");

        Assert.That(plan.Refusal, Is.Null);
        Assert.That(plan.Events, Is.EqualTo(new[] { new SessionUnregistered(group.Utc, "c", Reason.SessionStale) }));
    }

    [Test]
    public void UnregisterStale_SessionThatIsHeard_Stays()
    {
        var group = new RuleGroup().WithRest("a", "b");

        var plan = Plan(group, "b");

        Assert.That((plan.Events.Count, plan.Refusal), Is.EqualTo((0, (Refusal?)null)));
    }

    [TestCase(RoleOverride.Primary)]
    [TestCase(RoleOverride.Secondary)]
    public void UnregisterStale_OrderInForce_Stays(RoleOverride order)
    {
        var group = new RuleGroup().WithRest("a", "b", "c");
        group.Pass(100, "c");
        group.Override("c", order);

        Assert.That(Plan(group, "c").Events, Is.Empty);
    }

    [Test]
    public void UnregisterStale_PrimaryByOrder_Stays()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Override("a", RoleOverride.Primary);
        group.Pass(100, "a");
        Assert.That(group.Primary, Is.EqualTo("a"), "It stays Primary by the order, although nobody hears from it.");

        Assert.That(Plan(group, "a").Events, Is.Empty);
    }

    [Test]
    public void UnregisterStale_NobodyOfTheGroupIsHeard_AllStay()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Silence(200);

        Assert.That(Plan(group, "a").Events, Is.Empty, "The last Primary stays on record.");
        Assert.That(Plan(group, "b").Events, Is.Empty, "The group is to be found as it was left.");
    }

    [Test]
    public void UnregisterStale_Unknown_IsRefused()
    {
        var group = new RuleGroup().WithRest("a");

        Assert.That(Plan(group, "x").Refusal!.Kind, Is.EqualTo(RefusalKind.SessionNotFound));
    }

    private static ChangePlan Plan(RuleGroup group, string id) =>
        ChangePlanner.Plan(group.Driver.State, new UnregisterSession(id, OnlyIfStale: true), group.Driver.Now);
}
