using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>A handover from stream to stream in which something comes between: the stream breaks, the score falls, somebody is lost.</summary>
public sealed class DrainTests
{
    private static readonly EngineSettings LongDrain = new() { DrainTimeout = TimeSpan.FromSeconds(30) };

    [Test]
    public void StepDownPrimary_CutOff_IsPrimaryUntilItsDeadline([Values] bool drainOrdered)
    {
        var group = new RuleGroup().WithStream("a", "b");
        group.Hello("a", term: 1, stepDown: true);
        Degrade(group);
        if (drainOrdered)
        {
            group.AcknowledgePending("b");
        }

        group.EndStream("a", broken: true);
        group.Pass(59.999, mute: "a");
        Assert.That(group.Primary, Is.EqualTo("a"), "it goes on until its own clock tells it to stop");
        group.Silence(0.001);

        Assert.That(group.Primary, Is.EqualTo("b"));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.PrimaryTimedOut));
    }

    [Test]
    public void DrainOrdered_PrimarySaysHello_IsToldAgainInTheSameTerm([Values] bool stepDown)
    {
        var group = Draining(LongDrain, stepDown: stepDown);
        var first = group.Order!;
        group.EndStream("a", broken: true);
        group.Silence(0.5);

        var repeated = group.Hello("a", term: 1, stepDown).DrainOrder;

        Assert.That(repeated, Is.EqualTo(stepDown ? first with { Deadline = group.Driver.State.Find("a")!.Deadline } : first));
        group.Acknowledge("a", first.Term, group.Utc);
        Assert.That(group.Primary, Is.EqualTo("b"));
    }

    [Test]
    public void DrainOrdered_SomebodyElseSaysHello_NobodyIsToldAgain()
    {
        var group = Draining(LongDrain);

        Assert.That(group.Hello("b", term: 1).DrainOrder, Is.Null);
    }

    [Test]
    public void DrainOrdered_BothAreLost_ThePrimaryIsToldToGoOnWhenItBeats()
    {
        var group = Draining(LongDrain);
        group.EndStream("a", broken: true);
        group.EndStream("b", broken: true);

        group.Silence(1);
        Assert.That(group.Pending, Is.Null);
        Assert.That((group.Primary, group.Term), Is.EqualTo(("a", 2L)), "nobody is assigned a role that does not live");
        group.Hello("a", term: 1);
        group.Beat("a", 100);

        var change = group.LastRoleChange;
        Assert.That((change.SessionId, change.NewRole, change.Term, change.Reason), Is.EqualTo(("a", Role.Primary, 3L, Reason.HandoverCancelled)));
        group.Pass(60, mute: "b");
        Assert.That(group.Term, Is.EqualTo(3), "it is told once");
    }

    [Test]
    public void DrainOrdered_BothAreLostAndAThirdIsThere_OnlyThatIsAssigned()
    {
        var group = new RuleGroup(LongDrain).WithStream("a", "b", "c");
        Degrade(group);
        var (candidate, third) = group.Pending == "b" ? ("b", "c") : ("c", "b");
        group.AcknowledgePending(candidate);
        var before = group.Driver.Events.Count;
        group.EndStream("a", broken: true);
        group.EndStream(candidate, broken: true);

        group.Silence(1);
        group.Hello("a", term: 1);
        group.Beat("a", 100);

        var assigned = group.Driver.Events.Skip(before).OfType<RoleChanged>().Where(e => e.NewRole == Role.Primary);
        Assert.That(assigned.Select(e => e.SessionId), Is.EqualTo(new[] { third }));
    }

    [TestCase(10, 30 - 5, TestName = "DrainOrdered_ServiceShortlyAbsent_IsAwaitedForTheGapLonger")]
    [TestCase(20, 30, TestName = "DrainOrdered_ServiceAbsent_IsAwaitedAnew")]
    public void DrainOrdered_ServiceAbsent(double gap, double left)
    {
        var group = Draining(LongDrain);
        group.Silence(5);
        group.Driver.Pass(TimeSpan.FromSeconds(gap));
        group.Driver.Decide(new ServiceWasAbsent(group.Driver.Now, TimeSpan.FromSeconds(gap)));
        group.Beat("b", 100);

        group.Silence(left - 0.001);
        Assert.That(group.Primary, Is.EqualTo("a"));
        group.Silence(0.001);

        Assert.That(group.Primary, Is.EqualTo("b"));
    }

    [TestCase(50, false)]
    [TestCase(0, false)]
    [TestCase(51, true)]
    public void CandidateByScore_ConfirmsWithAnotherScore_IsPromotedOnlyIfBetter(float score, bool goesOn)
    {
        var rest = new RuleGroup().WithRest("a", "b");
        var stream = new RuleGroup().WithStream("a", "b");
        foreach (var group in new[] { rest, stream })
        {
            Degrade(group);
            Assert.That(group.Pending, Is.EqualTo("b"));

            group.Beat("b", score);

            Assert.That((group.Primary, group.Pending), Is.EqualTo(("a", goesOn ? "b" : null)));
            if (!goesOn)
            {
                Assert.That(group.Driver.Events.OfType<RoleChanged>().Last().Reason, Is.EqualTo(Reason.HandoverCancelled));
            }
        }
    }

    [Test]
    public void CandidateByScore_FallsAfterTheOrder_IsPromotedAllTheSame()
    {
        var group = Draining(LongDrain);

        group.Beat("b", 0);
        group.Acknowledge("a", group.Order!.Term);

        Assert.That(group.Primary, Is.EqualTo("b"), "the Primary has stopped already");
    }

    [TestCase(true, true, true)]
    [TestCase(true, false, false)]
    [TestCase(false, true, false)]
    public void Acknowledged_IsExactWhenBothReportTimesOfTheirSources(bool old, bool successor, bool exact)
    {
        var group = DrainingByOrder(old, successor);

        group.Acknowledge("a", group.Order!.Term, group.Utc);

        Assert.That((group.Primary, group.LastRoleChange.IsExact), Is.EqualTo(("b", exact)));
    }

    [Test]
    public void AcknowledgedWithoutAFinalTime_IsNotExact()
    {
        var group = DrainingByOrder(true, true);

        group.Acknowledge("a", group.Order!.Term);

        Assert.That((group.Primary, group.LastRoleChange.IsExact), Is.EqualTo(("b", false)));
    }

    [Test]
    public void Acknowledged_TimeIsKeptBackForWhatAWorsePrimaryMissed_IsNotExact()
    {
        var group = new RuleGroup(LongDrain).WithStream("a", "b");
        group.Hello("a", term: 1, sourceTimestamps: true);
        group.Hello("b", term: 1, sourceTimestamps: true);
        Degrade(group);
        group.AcknowledgePending("b");

        group.Acknowledge("a", group.Order!.Term, group.Utc);

        Assert.That((group.Primary, group.LastDataProcessedTime), Is.EqualTo(("b", (DateTime?)null)));
        Assert.That(group.LastRoleChange.IsExact, Is.False);
    }

    [Test]
    public void NotAcknowledged_IsNotExact()
    {
        var group = DrainingByOrder(true, true);

        group.Silence(30);

        Assert.That((group.Primary, group.LastRoleChange.IsExact), Is.EqualTo(("b", false)));
    }

    /// <summary>After the hold, a reports a lower score.</summary>
    private static void Degrade(RuleGroup group)
    {
        group.Pass(60);
        group.Silence(5);
        group.Beat("a", 50);
    }

    /// <summary>a is Primary on a stream and ordered to drain for b.</summary>
    private static RuleGroup Draining(EngineSettings settings, bool stepDown = false)
    {
        var group = new RuleGroup(settings).WithStream("a", "b");
        group.Hello("a", term: 1, stepDown);
        Degrade(group);
        group.AcknowledgePending("b");
        Assert.That(group.Order!.SessionId, Is.EqualTo("a"));
        return group;
    }

    /// <summary>a is Primary on a stream and ordered to drain for b, which an administrator wants.</summary>
    private static RuleGroup DrainingByOrder(bool oldReportsSourceTimes, bool successorReportsSourceTimes)
    {
        var group = new RuleGroup(LongDrain).WithStream("a", "b");
        group.Hello("a", term: 1, sourceTimestamps: oldReportsSourceTimes);
        group.Hello("b", term: 1, sourceTimestamps: successorReportsSourceTimes);
        group.Pass(20);
        group.Override("b", RoleOverride.Primary);
        group.AcknowledgePending("b");
        return group;
    }
}
