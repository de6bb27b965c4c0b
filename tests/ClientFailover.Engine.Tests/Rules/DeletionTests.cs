using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>A group that is in use stays.</summary>
public sealed class DeletionTests
{
    [Test]
    public void DeleteGroup_SessionNeverHeard_IsRefusedUntilItTimesOut()
    {
        var group = new RuleGroup();
        group.Register("a");

        group.Silence(61.999);
        Assert.That(Delete(group), Is.EqualTo(RefusalKind.GroupActive));
        group.Silence(0.001);

        Assert.That(Delete(group), Is.Null);
    }

    [Test]
    public void DeleteGroup_StreamBroken_IsRefusedUntilNobodyWasHeardForATimeout()
    {
        var group = new RuleGroup().WithStream("a");
        group.EndStream("a", broken: true);

        group.Silence(59.999);
        Assert.That(group.Driver.State.Find("a")!.Presence, Is.EqualTo(Presence.Lost), "The grace is over.");
        Assert.That(Delete(group), Is.EqualTo(RefusalKind.GroupActive));
        group.Silence(0.001);

        Assert.That(Delete(group), Is.Null);
    }

    private static RefusalKind? Delete(RuleGroup group) =>
        ChangePlanner.Plan(group.Driver.State, new DeleteGroup(), group.Driver.Now).Refusal?.Kind;
}
