using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>Promotion when no live Primary hands over.</summary>
public sealed class UnplannedPromotionTests
{
    [Test]
    public void RestCandidate_BestOne_IsMarkedAndItsNextHeartbeatAnsweredPrimary()
    {
        var group = LostPrimary();

        var decision = group.Beat("b", 100);

        Assert.That(decision.Reply!.Value.Role, Is.EqualTo(Role.Primary));
        Assert.That(group.Primary, Is.EqualTo("b"));
    }

    [Test]
    public void RestCandidates_Equal_WhoeverBeatsFirstIsPrimary()
    {
        var group = LostPrimary();
        Assert.That(group.Pending, Is.EqualTo("b"));

        var decision = group.Beat("c", 100);

        Assert.That(decision.Reply!.Value.Role, Is.EqualTo(Role.Primary));
        Assert.That(group.Pending, Is.Null);
    }

    [Test]
    public void RestCandidate_WorseOneBeatsFirst_StaysSecondary()
    {
        var group = LostPrimary();

        var decision = group.Beat("c", 99);

        Assert.That(decision.Reply!.Value.Role, Is.EqualTo(Role.Secondary));
        Assert.That(group.Pending, Is.EqualTo("b"));
    }

    [Test]
    public void OldPrimary_HeardFromBeforeTheSuccessor_IsAnsweredPrimaryUntilThen()
    {
        var group = LostPrimary();

        Assert.That(group.Beat("a", 100).Reply!.Value.Role, Is.EqualTo(Role.Primary));
        Assert.That(group.Pending, Is.EqualTo("b"));
        group.Beat("b", 100);

        Assert.That(group.Primary, Is.EqualTo("b"));
        group.Silence(1);
        Assert.That(group.Beat("a", 100).Reply!.Value.Role, Is.EqualTo(Role.Secondary));
    }

    [Test]
    public void Candidate_LostWhileTheOldPrimaryIsBack_LeavesItPrimaryInTheSameTerm()
    {
        var group = LostPrimary();
        group.Beat("a", 100);

        // Both candidates fall silent; the old Primary beats on.
        group.Silence(31);
        group.Beat("a", 100);
        group.Silence(31);

        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That(group.Pending, Is.Null);
        Assert.That(group.Term, Is.EqualTo(1));
    }

    [Test]
    public void Candidate_RestartsBeforeItIsPromoted_AnotherIsElected()
    {
        var group = LostPrimary();
        Assert.That(group.Pending, Is.EqualTo("b"));

        group.RegisterAgain("b");
        Assert.That(group.Pending, Is.EqualTo("c"));
        group.Beat("b", 100);

        Assert.That(group.Primary, Is.EqualTo("a"), "the buffer of b is empty");
        Assert.That(group.Beat("c", 100).Reply!.Value.Role, Is.EqualTo(Role.Primary));
    }

    [Test]
    public void Primary_NoLongerKnowsItsLastDataProcessedTime_HasRestartedUnseen()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Silence(20);
        group.Beat("a", 100, group.Utc);
        group.Beat("b", 100);
        group.Silence(20);

        group.Beat("a", 100, null);

        Assert.That(group.Pending, Is.EqualTo("b"));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.PrimaryRestarted));
    }

    [Test]
    public void Primary_NeverKnewALastDataProcessedTime_IsLeftAlone()
    {
        var group = new RuleGroup().WithRest("a", "b");

        group.Pass(200);

        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That(group.Pending, Is.Null);
    }

    [Test]
    public void StreamCandidate_IsPromotedInTheTickOfTheLoss()
    {
        var group = new RuleGroup().WithRest("a").WithStream("b");
        group.Silence(50);
        group.Beat("b", 1);

        group.Silence(12);

        Assert.That(group.Primary, Is.EqualTo("b"));
        Assert.That(group.LastRoleChange.Detection, Is.EqualTo(TimeSpan.FromSeconds(62)));
    }

    /// <summary>a is lost; b and c are live, over REST, with equal scores.</summary>
    private static RuleGroup LostPrimary()
    {
        var group = new RuleGroup().WithRest("a", "b", "c");
        group.Pass(60);
        group.Silence(30);
        group.Beat("b", 100);
        group.Beat("c", 100);
        group.Silence(32);
        return group;
    }
}
