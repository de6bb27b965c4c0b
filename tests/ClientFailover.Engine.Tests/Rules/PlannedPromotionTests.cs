using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>Promotion when a live Primary hands over: by transport of both, with drain, cancellation and retargeting.</summary>
public sealed class PlannedPromotionTests
{
    [Test]
    public void RestToRest_IsConfirmedByTheHeartbeatAfterPendingPrimary()
    {
        var group = new RuleGroup().WithRest("a", "b");
        Degrade(group, "a");
        Assert.That(group.Pending, Is.EqualTo("b"));

        var first = group.Beat("b", 100);
        Assert.That(group.Primary, Is.EqualTo("a"));
        var second = group.Beat("b", 100);

        Assert.That(first.Reply!.Value.Role, Is.EqualTo(Role.PendingPrimary));
        Assert.That(second.Reply!.Value.Role, Is.EqualTo(Role.Primary), "the confirmation is exempt from too-soon");
        Assert.That(group.Beat("a", 50).Reply!.Value.Role, Is.EqualTo(Role.Secondary));
    }

    [Test]
    public void RestToStream_IsPromotedWithItsSignOfLife([Values] bool byHeartbeat)
    {
        var group = new RuleGroup().WithRest("a").WithStream("b");
        Degrade(group, "a");
        Assert.That(group.Pending, Is.EqualTo("b"));

        _ = byHeartbeat ? group.Beat("b", 100) : group.AcknowledgePending("b");

        Assert.That(group.Primary, Is.EqualTo("b"));
        Assert.That(group.Order, Is.Null);
    }

    [Test]
    public void StreamToStream_CandidateHangs_IsNotDrainedFor()
    {
        var group = new RuleGroup().WithStream("a", "b");
        Degrade(group, "a");

        group.Pass(40, mute: "b");

        Assert.That(group.Order, Is.Null);
        Assert.That(group.Primary, Is.EqualTo("a"));
    }

    [Test]
    public void StreamToRest_DoesNotAwaitADrain()
    {
        var group = new RuleGroup().WithStream("a").WithRest("b");
        Degrade(group, "a");

        group.Beat("b", 100);
        group.Beat("b", 100);

        Assert.That(group.Primary, Is.EqualTo("b"));
        Assert.That(group.Order, Is.Null);
    }

    [Test]
    public void StreamToStream_AwaitsTheDrainAndReservesItsTerm()
    {
        var group = Draining();
        Assert.That(group.Order!.SessionId, Is.EqualTo("a"));
        Assert.That(group.Order.Term, Is.EqualTo(2));
        Assert.That(group.Primary, Is.EqualTo("a"));

        group.Acknowledge("a", 2, group.Utc);

        Assert.That(group.Primary, Is.EqualTo("b"));
        Assert.That(group.LastRoleChange.Term, Is.EqualTo(2));
    }

    [TestCase("a", 1L)]
    [TestCase("a", 3L)]
    [TestCase("b", 2L)]
    public void Acknowledgement_OfAnotherTermOrSession_IsIgnored(string session, long term)
    {
        var group = Draining();

        group.Acknowledge(session, term);

        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That(group.Pending, Is.EqualTo("b"));
    }

    [Test]
    public void Drain_NotAcknowledged_EndsAfterDrainTimeout()
    {
        var group = Draining();

        group.Silence(4.999);
        Assert.That(group.Primary, Is.EqualTo("a"));
        group.Silence(0.001);

        Assert.That(group.Primary, Is.EqualTo("b"));
        group.Acknowledge("a", 2, group.Utc);
        Assert.That(group.Primary, Is.EqualTo("b"), "a late acknowledgement is ignored");
    }

    [Test]
    public void DrainTimeout_LongerThanHalfATimeout_CountsAsThat()
    {
        var group = Draining(new EngineSettings { DrainTimeout = TimeSpan.FromMinutes(5) });

        Assert.That(group.Order!.Deadline - group.Driver.Now.Monotonic, Is.EqualTo(TimeSpan.FromSeconds(30)));
    }

    [Test]
    public void Drain_OfAStepDownSession_MayLastUntilItsDeadline()
    {
        var group = new RuleGroup().WithStream("a", "b");
        group.Hello("a", term: 1, stepDown: true);
        group.Beat("a", 100);

        Degrade(group, "a");
        group.AcknowledgePending("b");

        Assert.That(group.Order!.Deadline, Is.EqualTo(group.Driver.State.Find("a")!.Deadline));
    }

    [Test]
    public void Candidate_LostAfterTheOrder_PutsTheOldOneBackWithTwoTermsMore()
    {
        var group = Draining(new EngineSettings { DrainTimeout = TimeSpan.FromSeconds(30) });

        group.EndStream("b", broken: true);
        group.Silence(1);

        var change = group.LastRoleChange;
        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That((change.SessionId, change.NewRole, change.Term, change.Reason), Is.EqualTo(("a", Role.Primary, 3L, Reason.HandoverCancelled)));
        group.Acknowledge("a", 2);
        Assert.That(group.Primary, Is.EqualTo("a"));
    }

    [Test]
    public void RunningHandover_AnotherScoresHigher_KeepsItsCandidate()
    {
        var group = new RuleGroup().WithRest("a", "b", "c");
        group.Pass(60);
        group.Beat("c", 60);
        group.Beat("b", 80);
        group.Silence(2);
        group.Beat("b", 80);
        group.Beat("a", 50);
        Assert.That(group.Pending, Is.EqualTo("b").Or.EqualTo("c"));
        var candidate = group.Pending!;
        group.Silence(2);

        group.Beat(candidate == "b" ? "c" : "b", 100);
        group.Beat("a", 100);

        Assert.That(group.Pending, Is.EqualTo(candidate));
    }

    [Test]
    public void RunningHandover_PrimaryLostMeanwhile_BecomesUnplanned()
    {
        var group = Draining(new EngineSettings { DrainTimeout = TimeSpan.FromSeconds(30) });

        group.EndStream("a", broken: true);
        group.Silence(1);

        Assert.That(group.Primary, Is.EqualTo("b"));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.PrimaryConnectionLost));
    }

    [Test]
    public void RunningHandover_OverrideOfAThird_IsRetargeted()
    {
        var group = new RuleGroup().WithRest("a", "b", "c");
        Degrade(group, "a");

        group.Override("c", RoleOverride.Primary);

        Assert.That(group.Pending, Is.EqualTo("c"));
    }

    /// <summary>After the hold, the Primary reports a lower score.</summary>
    private static void Degrade(RuleGroup group, string primary)
    {
        group.Pass(60);
        group.Silence(5);
        group.Beat(primary, 50);
    }

    /// <summary>a is Primary on a stream and ordered to drain for b.</summary>
    private static RuleGroup Draining(EngineSettings? settings = null)
    {
        var group = new RuleGroup(settings).WithStream("a", "b");
        group.Pass(60);
        group.Silence(18);
        group.Beat("b", 100);
        group.Beat("a", 50);
        group.AcknowledgePending("b");
        return group;
    }
}
