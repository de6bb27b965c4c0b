using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>When a session counts as lost, and what an absence of the service does to that.</summary>
public sealed class LivenessTests
{
    [TestCase(60 + 2)]
    public void RestPrimary_Silent_IsLostAtTimeoutPlusTolerance(double seconds)
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Pass(40, mute: "a");

        group.Silence(seconds - 40 - 0.001);
        Assert.That(group.Pending, Is.Null);
        group.Silence(0.001);

        Assert.That(group.Pending, Is.EqualTo("b"));
    }

    [Test]
    public void StreamPrimary_Silent_IsLostAtTimeout()
    {
        var group = new RuleGroup().WithStream("a", "b");
        group.Pass(40, mute: "a");

        group.Silence(19.999);
        Assert.That(group.Primary, Is.EqualTo("a"));
        group.Silence(0.001);

        Assert.That(group.Primary, Is.EqualTo("b"));
    }

    [Test]
    public void Tolerance_ShortTimeout_IsAnEighthOfIt()
    {
        var driver = new Driving.GroupDriver();
        driver.Change(new CreateGroup(new RequestedGroup("g", null, null, TimeSpan.FromSeconds(8), null), TimeSpan.Zero));
        driver.Change(new RegisterSession("a", null, null));

        driver.Decide(new PostHeartbeat(driver.Now, "a", 1, null, null, OnStream: false));

        Assert.That(driver.State.Find("a")!.Deadline - driver.Now.Monotonic, Is.EqualTo(TimeSpan.FromSeconds(9)));
    }

    [Test]
    public void RefusedHeartbeat_TooSoon_RenewsTheDeadlineAndChangesNothingElse()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Silence(0.5);

        var decision = group.Beat("b", 7, group.Utc);

        var session = group.Driver.State.Find("b")!;
        Assert.That(decision.Refusal!.Kind, Is.EqualTo(RefusalKind.HeartbeatTooSoon));
        Assert.That(session.FailoverScore, Is.EqualTo(100));
        Assert.That(session.Deadline, Is.EqualTo(group.Driver.Now.Monotonic + RuleGroup.Timeout + RuleGroup.Tolerance));
    }

    [TestCase(0.799, true)]
    [TestCase(0.8, false)]
    public void Heartbeat_AfterTheLastAccepted_IsTooSoonBeforeFourFifthsOfASecond(double seconds, bool refused)
    {
        var group = new RuleGroup().WithRest("a");

        group.Silence(seconds);

        Assert.That(group.Beat("a", 100).Refusal is not null, Is.EqualTo(refused));
    }

    [Test]
    public void Hint_AnyAcceptedHeartbeat_ClearsIt()
    {
        var group = new RuleGroup().WithStream("a", "b");
        group.Silence(20);
        group.EndStream("a", broken: true);
        group.Silence(0.5);

        group.Beat("a", 100);
        group.Silence(30);

        Assert.That(group.Primary, Is.EqualTo("a"));
    }

    [Test]
    public void Hint_LaterThanTheDeadline_DoesNotMoveIt()
    {
        var group = new RuleGroup(new EngineSettings { ConnectionLossGrace = TimeSpan.FromSeconds(30) }).WithStream("a", "b");
        group.Pass(40, mute: "a");

        group.EndStream("a", broken: true);
        group.Silence(20);

        Assert.That(group.Primary, Is.EqualTo("b"));
    }

    [Test]
    public void Hint_StreamClosedByTheService_IsNone()
    {
        var group = new RuleGroup().WithStream("a", "b");

        group.EndStream("a", broken: false);
        group.Silence(30);

        Assert.That(group.Primary, Is.EqualTo("a"));
    }

    [Test]
    public void Hint_StepDownSession_IsNone()
    {
        var group = new RuleGroup().WithStream("a", "b");
        group.Hello("a", term: 1, stepDown: true);

        group.EndStream("a", broken: true);
        group.Silence(30);

        Assert.That(group.Primary, Is.EqualTo("a"));
    }

    [Test]
    public void Hint_Withdrawn_GivesTheOldDeadlineBack()
    {
        var group = new RuleGroup().WithStream("a", "b");
        group.EndStream("a", broken: true);

        group.Driver.Decide(new WithdrawConnectionLossHint(group.Driver.Now, "a"));
        group.Pass(59.999, mute: "a");
        Assert.That(group.Primary, Is.EqualTo("a"));
        group.Silence(0.001);

        Assert.That(group.Primary, Is.EqualTo("b"));
    }

    [Test]
    public void Hint_GraceOfZero_IsLostWithTheNextTick()
    {
        var group = new RuleGroup(new EngineSettings { ConnectionLossGrace = TimeSpan.Zero }).WithStream("a", "b");

        group.EndStream("a", broken: true);
        group.Silence(0);

        Assert.That(group.Primary, Is.EqualTo("b"));
        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.PrimaryConnectionLost));
    }

    [Test]
    public void Hello_NoHeartbeat_RenewsTheDeadlineButIsNoCandidacy()
    {
        var group = new RuleGroup().WithStream("a");
        group.Register("b");
        group.Silence(59);
        group.Beat("a", 100);
        group.Hello("b", term: 0);
        group.Silence(59);
        Assert.That(group.Driver.State.Find("b")!.Presence, Is.EqualTo(Presence.Live));

        group.Unregister("a");

        Assert.That((group.Primary, group.Pending), Is.EqualTo(((string?)null, (string?)null)));
    }

    [Test]
    public void Registration_Again_IsNoSignOfLife()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Pass(60, mute: "b");

        group.RegisterAgain("b");
        group.Silence(2);

        Assert.That(group.Driver.State.Find("b")!.Presence, Is.EqualTo(Presence.Lost));
    }

    [Test]
    public void Registration_NoHeartbeat_TimesOutLikeAnyOther()
    {
        var group = new RuleGroup();
        group.Register("a");

        group.Silence(61.999);
        Assert.That(group.Driver.State.Find("a")!.Presence, Is.EqualTo(Presence.Unheard));
        group.Silence(0.001);

        Assert.That(group.Driver.State.Find("a")!.Presence, Is.EqualTo(Presence.Lost));
    }

    [Test]
    public void Hint_OfAReplacedStream_IsIgnored()
    {
        var group = new RuleGroup().WithStream("a", "b");
        group.Hello("a", term: 1);

        group.Driver.Decide(new StreamEnded(group.Driver.Now, "a", 1, BrokenByPeer: true));
        group.Silence(30);

        Assert.That(group.Primary, Is.EqualTo("a"));
    }

    [TestCase(10, 10, TestName = "ServiceAbsent_Shortly_MovesTheDeadlinesByTheGap")]
    [TestCase(20, 60 + 2 + 20 - 20, TestName = "ServiceAbsent_LongerThanAQuarter_GivesAFullNewDeadline")]
    public void ServiceAbsent(double gap, double moved)
    {
        var group = new RuleGroup().WithRest("a", "b");
        var before = group.Driver.State.Find("a")!.Deadline;
        group.Driver.Pass(TimeSpan.FromSeconds(gap));

        group.Driver.Decide(new ServiceWasAbsent(group.Driver.Now, TimeSpan.FromSeconds(gap)));

        var expected = gap > 15
            ? group.Driver.Now.Monotonic + TimeSpan.FromSeconds(moved)
            : before + TimeSpan.FromSeconds(moved);
        Assert.That(group.Driver.State.Find("a")!.Deadline, Is.EqualTo(expected));
    }

    [Test]
    public void ServiceAbsent_Long_MakesNobodyElseACandidateUntilHeard()
    {
        var group = new RuleGroup().WithStream("a", "b");
        group.Driver.Decide(new ServiceWasAbsent(group.Driver.Now, null));

        group.Unregister("a");
        Assert.That(group.Primary, Is.Null);
        group.Silence(5);
        group.Beat("b", 1);

        Assert.That(group.Primary, Is.EqualTo("b"));
    }

    [Test]
    public void SilenceOfAll_EndsWithASecondary_PresumesThePrimaryLiveForHalfATimeoutAndTolerance()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Silence(600);

        group.Beat("b", 100);
        group.Silence(31.999);
        Assert.That(group.Pending, Is.Null);
        group.Silence(0.001);

        Assert.That(group.Pending, Is.EqualTo("b"));
    }

    [Test]
    public void SilenceOfAll_PrimaryWasLostWithItsStream_ItsNextLossIsATimeout()
    {
        var group = new RuleGroup().WithStream("a").WithRest("b");
        group.Pass(70, mute: "b");
        group.EndStream("a", broken: true);
        group.Silence(1);
        Assert.That(group.LastRoleChange.SessionId, Is.EqualTo("a"), "nobody is live");

        group.Beat("b", 100);
        group.Silence(20);
        group.Beat("b", 100);
        group.Silence(12);

        Assert.That(group.LastRoleChange.Reason, Is.EqualTo(Reason.PrimaryTimedOut), "the stream had broken before");
        Assert.That(group.Driver.Events.OfType<SessionLost>().Last().Reason, Is.EqualTo(Reason.SessionTimedOut));
    }
}
