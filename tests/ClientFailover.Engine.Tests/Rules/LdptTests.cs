using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>When the group's LastDataProcessedTime moves, and when it must not.</summary>
public sealed class LdptTests
{
    private static RuleGroup Pair() => new RuleGroup(new EngineSettings { MinimumHeartbeatInterval = 0 }).WithRest("a", "b");

    [Test]
    public void Report_OfThePrimary_IsTheGroups()
    {
        var group = Pair();
        var time = group.Utc.AddSeconds(-3).AddTicks(1234567);

        var decision = group.Beat("a", 100, time);

        Assert.That(decision.Reply!.Value.LastDataProcessedTime, Is.EqualTo(time));
        Assert.That(group.Beat("b", 100).Reply!.Value.LastDataProcessedTime, Is.EqualTo(time));
    }

    [Test]
    public void Report_OfASecondary_IsNot()
    {
        var group = Pair();

        group.Beat("b", 100, group.Utc);

        Assert.That(group.LastDataProcessedTime, Is.Null);
    }

    [Test]
    public void Report_WithTheHeartbeatThatMakesItPrimary_IsNot()
    {
        var group = new RuleGroup();
        group.Register("a");

        group.Beat("a", 100, group.Utc);

        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That(group.LastDataProcessedTime, Is.Null);
    }

    [Test]
    public void Report_AheadOfTheService_IsCappedAtItsTime()
    {
        var group = Pair();

        group.Beat("a", 100, group.Utc.AddHours(1));

        Assert.That(group.LastDataProcessedTime, Is.EqualTo(group.Utc));
    }

    [Test]
    public void Report_Older_DoesNotSetItBack()
    {
        var group = Pair();
        var time = group.Utc;
        group.Beat("a", 100, time);

        group.Beat("a", 100, time.AddSeconds(-10));
        group.Beat("a", 100, null);

        Assert.That(group.LastDataProcessedTime, Is.EqualTo(time));
    }

    [Test]
    public void Report_PrimaryWorseThanACandidate_IsIgnored()
    {
        var group = Pair();
        var time = group.Utc;
        group.Beat("a", 100, time);
        group.Silence(10);

        group.Beat("a", 75, group.Utc);

        Assert.That(group.LastDataProcessedTime, Is.EqualTo(time));
    }

    [Test]
    public void Report_PrimaryWorseThanASessionOrderedToBeSecondary_Counts()
    {
        var group = Pair();
        group.Override("b", RoleOverride.Secondary);

        group.Beat("a", 75, group.Utc);

        Assert.That(group.LastDataProcessedTime, Is.EqualTo(group.Utc));
    }

    [Test]
    public void Report_WhileAnUnplannedPromotionIsPending_IsIgnored()
    {
        var group = Pair();
        group.Silence(30);
        group.Beat("b", 100);
        group.Silence(32);
        Assert.That(group.Pending, Is.EqualTo("b"));

        group.Beat("a", 100, group.Utc);

        Assert.That(group.LastDataProcessedTime, Is.Null);
    }

    [Test]
    public void Report_PrimaryWorseButOrderedToBePrimary_Counts()
    {
        var group = Pair();
        group.Override("a", RoleOverride.Primary);

        group.Beat("a", 75, group.Utc);

        Assert.That(group.LastDataProcessedTime, Is.EqualTo(group.Utc));
    }

    [Test]
    public void Report_WhileTheRestartedPrimaryIsBeingReplaced_IsIgnored()
    {
        var group = Pair();
        group.RegisterAgain("a");
        group.Silence(1);

        group.Beat("a", 100, group.Utc);

        Assert.That(group.LastDataProcessedTime, Is.Null);
    }

    [Test]
    public void Report_AfterARestartBeforeTheOthersWereHeard_IsIgnored()
    {
        var group = Pair();
        var time = group.Utc;
        group.Beat("a", 100, time);
        group.Silence(11);
        group.Beat("a", 100, group.Utc);
        var recorded = group.LastDataProcessedTime;
        group.Driver.Restart(TimeSpan.FromMinutes(2));

        group.Beat("a", 75, group.Utc);
        Assert.That(group.LastDataProcessedTime, Is.EqualTo(recorded), "b may hold what a did not collect");
        group.Beat("b", 50);
        group.Silence(1);
        group.Beat("a", 75, group.Utc);

        Assert.That(group.LastDataProcessedTime, Is.EqualTo(group.Utc));
    }

    [Test]
    public void Value_Moving_IsRecordedAtLeastEveryTenSeconds()
    {
        var group = Pair();
        for (var second = 0; second < 60; second++)
        {
            group.Silence(1);
            group.Beat("a", 100, group.Utc);
            group.Beat("b", 100);
            Assert.That(group.Utc - (group.Driver.Recorded.LastDataProcessedTime ?? group.Utc.AddSeconds(-second)), Is.LessThanOrEqualTo(TimeSpan.FromSeconds(10)));
        }

        Assert.That(group.Driver.Events.OfType<LastDataProcessedTimeRecorded>().Count(), Is.InRange(5, 6));
    }

    [Test]
    public void Value_WithEveryRoleChange_IsPersisted()
    {
        var group = Pair();
        group.Beat("a", 100, group.Utc);

        group.Unregister("a");
        group.Beat("b", 100);

        Assert.That(group.LastRoleChange.LastDataProcessedTime, Is.EqualTo(group.Utc));
        Assert.That(group.Driver.Recorded.LastDataProcessedTime, Is.EqualTo(group.Utc));
    }

    [Test]
    public void Value_GroupDeletedAndRecreated_IsForgotten()
    {
        var group = Pair();
        group.Beat("a", 100, group.Utc);
        group.Silence(120);

        group.Driver.Change(new DeleteGroup());
        group.Driver.Change(new CreateGroup(new RequestedGroup("g", null, null, RuleGroup.Timeout, null), RuleGroup.Timeout));

        Assert.That(group.LastDataProcessedTime, Is.Null);
    }
}
