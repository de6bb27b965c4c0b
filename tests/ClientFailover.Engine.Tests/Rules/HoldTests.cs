using NUnit.Framework;

namespace ClientFailover.Engine.Tests.Rules;

/// <summary>A handover by score waits after a promotion; what skips, doubles and resets that.</summary>
public sealed class HoldTests
{
    [Test]
    public void BetterScore_BeforeTheHoldEnds_Waits()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Silence(20);
        group.Beat("a", 50);
        group.Silence(20);
        group.Beat("a", 50);
        group.Beat("b", 100);

        Assert.That(group.Pending, Is.Null);
    }

    [Test]
    public void BetterScore_HoldEnded_IsJudgedOnAReportReceivedAfterIt()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Pass(40);
        group.Beat("a", 50);
        group.Silence(21);
        group.Beat("b", 100);
        Assert.That(group.Pending, Is.Null, "no report of the Primary since the hold ended");

        group.Silence(1);
        group.Beat("a", 50);

        Assert.That(group.Pending, Is.EqualTo("b"));
    }

    [Test]
    public void BetterScore_PrimaryRecoversWithItsFirstReportAfterTheHold_IsNoHandover()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Pass(40);
        group.Beat("a", 50);
        group.Silence(21);
        group.Beat("b", 100);

        group.Beat("a", 100);

        Assert.That(group.Pending, Is.Null);
    }

    [Test]
    public void ScoreZero_ReportedAboveZeroInThisTerm_SkipsTheHold()
    {
        var group = new RuleGroup().WithRest("a", "b");
        group.Silence(5);
        group.Beat("a", 100);
        group.Silence(5);

        group.Beat("a", 0);

        Assert.That(group.Pending, Is.EqualTo("b"));
    }

    [Test]
    public void ScoreZero_NeverAboveZeroInThisTerm_Waits()
    {
        var group = new RuleGroup();
        group.Register("a", "b");
        group.Beat("a", 0);
        group.Beat("b", 1);

        group.Silence(20);
        group.Beat("a", 0);

        Assert.That(group.Pending, Is.Null);
    }

    [Test]
    public void ScoreZero_RightAfterASkip_WaitsForTheHold()
    {
        var group = new RuleGroup().WithRest("a", "b", "c");
        group.Silence(5);
        group.Beat("a", 100);
        group.Silence(5);
        group.Beat("a", 0);
        group.Beat("b", 100);
        group.Beat("b", 100);
        Assert.That(group.Primary, Is.EqualTo("b"));

        group.Silence(5);
        group.Beat("b", 100);
        group.Silence(5);
        group.Beat("b", 0);

        Assert.That(group.Pending, Is.Null);
    }

    [Test]
    public void HandoversFromAPrimaryNeverAboveZero_DoubleTheHoldUpToEightTimes()
    {
        List<double> waits = [];
        var group = new RuleGroup();
        group.Register("a", "b");
        group.Beat("a", 0);
        group.Beat("b", 1);

        // Whoever is Primary reports 0, whoever waits reports 1.
        var last = group.Driver.Now.Monotonic;
        for (var second = 0; second < 3600; second++)
        {
            var before = group.Term;
            ReportBadly(group);
            if (group.Term != before)
            {
                waits.Add((group.Driver.Now.Monotonic - last).TotalSeconds);
                last = group.Driver.Now.Monotonic;
            }
        }

        Assert.That(waits, Is.EqualTo(new double[] { 60, 120, 240, 480, 480, 480, 480, 480, 480 }).Within(2));
    }

    [Test]
    public void UnplannedPromotion_DuringTheHold_NeverWaits()
    {
        var group = new RuleGroup().WithStream("a", "b");

        group.EndStream("a", broken: true);
        group.Silence(1);

        Assert.That(group.Primary, Is.EqualTo("b"));
    }

    [Test]
    public void DoubledHold_ServiceAbsent_IsAsLongWhenItStartsAnew()
    {
        var group = new RuleGroup();
        group.Register("a", "b");
        group.Beat("a", 0);
        group.Beat("b", 1);
        while (group.Term == 1)
        {
            ReportBadly(group);
        }

        group.Driver.Decide(new ServiceWasAbsent(group.Driver.Now, null));
        var seconds = 0;
        while (group.Term == 2)
        {
            ReportBadly(group);
            seconds++;
        }

        Assert.That(seconds, Is.EqualTo(120).Within(2));
    }

    /// <summary>A second later, whoever is Primary reports 0 and whoever waits reports 1.</summary>
    private static void ReportBadly(RuleGroup group)
    {
        group.Silence(1);
        var (primary, other) = group.Primary == "a" ? ("a", "b") : ("b", "a");
        group.Beat(primary, 0);
        group.Beat(other, 1);
        if (group.Pending == other)
        {
            group.Beat(other, 1);
        }
    }
}
