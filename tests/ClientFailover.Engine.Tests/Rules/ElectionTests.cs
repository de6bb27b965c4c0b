using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>The election table, row by row, and who wins a tie.</summary>
public sealed class ElectionTests
{
    [Test]
    public void FirstLiveSession_NoPrimaryOnRecord_IsAnsweredPrimaryInThatHeartbeat()
    {
        var group = new RuleGroup();
        group.Register("a");

        var decision = group.Beat("a", 0);

        Assert.That(decision.Reply, Is.EqualTo(new RoleReply(Role.Primary, 1, null)));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.OnlyClientInGroup));
    }

    [Test]
    public void Registration_NoHeartbeat_IsNoCandidacy()
    {
        var group = new RuleGroup();

        group.Register("a");
        group.Hello("a", term: null);

        Assert.That(group.Primary, Is.Null);
    }

    [Test]
    public void PrimaryDeadline_Passes_PromotesTheBestCandidate()
    {
        var group = new RuleGroup().WithRest("a", "b", "c");
        group.Beat("c", 90);
        group.Silence(30);
        group.Beat("b", 40);
        group.Beat("c", 80);

        group.Silence(32);

        Assert.That(group.Pending, Is.EqualTo("c"));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.PrimaryTimedOut));
    }

    [Test]
    public void PrimaryStream_Breaks_PromotesAfterTheGrace()
    {
        var group = new RuleGroup().WithStream("a", "b");

        group.EndStream("a", broken: true);
        group.Silence(0.999);
        Assert.That(group.Primary, Is.EqualTo("a"));
        group.Silence(0.001);

        Assert.That(group.Primary, Is.EqualTo("b"));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.PrimaryConnectionLost));
    }

    [Test]
    public void Primary_Unregisters_IsReplaced()
    {
        var group = new RuleGroup().WithRest("a", "b");

        group.Unregister("a");
        Assert.That(group.Pending, Is.EqualTo("b"));
        group.Silence(1);
        var decision = group.Beat("b", 100);

        Assert.That(decision.Reply!.Value.Role, Is.EqualTo(Role.Primary));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.PrimaryUnregistered));
    }

    [Test]
    public void Primary_UnregistersWithNoCandidate_LeavesNoPrimaryOnRecord()
    {
        var group = new RuleGroup().WithRest("a");
        group.Register("b");

        group.Unregister("a");

        Assert.That(group.Primary, Is.Null);
        Assert.That(group.Beat("b", 0).Reply!.Value.Role, Is.EqualTo(Role.Primary));
    }

    [TestCase(100, "b", TestName = "Primary_RegistersAgainAndAnotherScoresAboveZero_IsReplaced")]
    [TestCase(0, null, TestName = "Primary_RegistersAgainAndNobodyScoresAboveZero_Stays")]
    public void Primary_RegistersAgain(float otherScore, string? successor)
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Silence(5);
        group.Beat("b", otherScore);

        group.RegisterAgain("a");

        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That(group.Pending, Is.EqualTo(successor));
    }

    [TestCase(null, "b", TestName = "Primary_SaysHelloWithoutItsTerm_IsReplaced")]
    [TestCase(1L, "a", TestName = "Primary_SaysHelloWithItsTerm_Stays")]
    public void Primary_SaysHello(long? term, string expected)
    {
        var group = new RuleGroup().WithStream("a", "b");

        group.Hello("a", term);

        Assert.That(group.Primary, Is.EqualTo(expected));
    }

    [Test]
    public void NobodyLive_Ever_KeepsThePrimaryOnRecord()
    {
        var group = new RuleGroup().WithRest("a", "b");

        group.Silence(600);

        Assert.That(group.Primary, Is.EqualTo("a"));
    }

    [Test]
    public void EqualScores_OfAPrimary_KeepTheIncumbent()
    {
        var group = new RuleGroup().WithRest("b", "a");

        group.Pass(600);

        Assert.That(group.Primary, Is.EqualTo("b"));
        Assert.That(group.Term, Is.EqualTo(1));
    }

    [Test]
    public void EqualScores_NoPrimary_EarliestRegistrationIsElected()
    {
        var group = new RuleGroup().WithStream("p", "z", "a");

        group.Unregister("p");

        Assert.That(group.Primary, Is.EqualTo("z"));
    }

    [TestCase(true, TestName = "EqualScores_EarlierRegisteredOneHasRestarted_TheOtherIsElected")]
    [TestCase(false, TestName = "EqualScores_EarlierRegisteredOneWasWorseUntilNow_TheOtherIsElected")]
    public void EqualScores_OneHasAHoleInItsBuffer(bool byRestart)
    {
        var group = new RuleGroup().WithRest("p", "b", "c");
        group.Pass(60);
        group.Silence(5);
        if (byRestart)
        {
            group.RegisterAgain("b");
        }
        else
        {
            group.Beat("b", 75);
        }

        group.Silence(2);
        group.Beat("b", 100);
        group.Beat("c", 100);
        group.Unregister("p");

        Assert.That(group.Pending, Is.EqualTo("c"));
    }

    [Test]
    public void Score_GreaterByTheSmallestFloat_HandsOver()
    {
        var group = new RuleGroup(new EngineSettings { MinimumHoldTime = TimeSpan.Zero }).WithRest("a", "b");
        group.Pass(20);
        group.Beat("b", 50);
        group.Silence(5);
        group.Beat("a", MathF.BitDecrement(50));

        Assert.That(group.Pending, Is.EqualTo("b"));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.HigherFailoverScore));
    }
}
