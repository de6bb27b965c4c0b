using ClientFailover.Client.Collection;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Collection;

public sealed class GapTests
{
    [Test]
    public void Source_LostAndBackAsPrimary_HoldsAndCountsLittleUntilRelieved()
    {
        var rig = Primary();

        rig.Ledger.Fails(rig.A);
        Assert.That(rig.Score, Is.EqualTo(50));
        rig.Collect(rig.A);
        Assert.That(rig.Score, Is.EqualTo(50.5f), "a gap that another may fill");
        rig.PublishAll(9);
        rig.Egress();
        Assert.That(rig.Watermark, Is.EqualTo(1), "held where the gap began");

        rig.Assume(FailoverRole.Secondary, 1, term: 2);
        rig.Pass(1);
        Assert.That(rig.Score, Is.EqualTo(50.5f), "not whole yet");

        // The bound is the group's time less half a timeout, and has to pass the end of the gap, which was at 0 s.
        rig.Assume(FailoverRole.Secondary, 5, term: 2);
        Assert.That(rig.Score, Is.EqualTo(100));
    }

    [Test]
    public void Source_BackAndNobodyBetter_IsGivenUpCountedAndLoggedAfterThreeTimeouts()
    {
        var rig = Primary();
        rig.Ledger.Fails(rig.A);
        rig.Pass(5);
        rig.Collect(rig.A);
        rig.PublishAll(9);
        rig.Egress();

        rig.Pass(29.5);
        Assert.That(rig.Score, Is.EqualTo(50.5f));
        Assert.That(rig.Ledger.Gaps, Is.Zero);
        rig.Pass(1);

        Assert.Multiple(() =>
        {
            Assert.That(rig.Score, Is.EqualTo(100));
            Assert.That(rig.Watermark, Is.EqualTo(9));
            Assert.That(rig.Ledger.Gaps, Is.EqualTo(1));
            Assert.That(rig.Log.Count(7201), Is.EqualTo(1));
        });
    }

    [Test]
    public void Source_StillLost_HoldsForEver()
    {
        var rig = Primary();
        rig.Ledger.Fails(rig.A);
        rig.Publish("b1", 90);
        rig.Publish("b2", 90);
        rig.Egress();

        rig.Pass(100);

        Assert.That(rig.Watermark, Is.EqualTo(1));
    }

    [Test]
    public void CaughtUp_AfterALoss_ReleasesAtOnce()
    {
        var rig = Primary();
        rig.Ledger.Fails(rig.A);
        rig.Collect(rig.A);
        rig.PublishAll(9);
        rig.Egress();

        rig.Ledger.CatchesUp(rig.A);

        Assert.Multiple(() =>
        {
            Assert.That(rig.Score, Is.EqualTo(100));
            Assert.That(rig.Watermark, Is.EqualTo(9));
            Assert.That(rig.Ledger.Gaps, Is.Zero);
        });
    }

    [Test]
    public void Source_LostAndBackAsSecondary_CountsAgainAfterTenTimeouts()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Secondary, -100);
        rig.Ledger.Fails(rig.A);
        rig.Collect(rig.A);
        rig.Pass(99);
        Assert.That(rig.Score, Is.EqualTo(50.5f));

        rig.Pass(2);

        Assert.Multiple(() =>
        {
            Assert.That(rig.Score, Is.EqualTo(100));
            Assert.That(rig.Log.Count(7203), Is.EqualTo(1));
        });
    }

    [Test]
    public void Gap_OfASecondaryThatIsPromoted_IsHeldAndCountedFromThePromotion()
    {
        var rig = new LedgerRig();
        rig.PublishAll(1);
        rig.Ledger.Fails(rig.A);
        rig.Collect(rig.A);
        rig.Pass(28);
        rig.Assume(FailoverRole.Primary, 1);
        rig.PublishAll(30);
        rig.Egress();

        rig.Pass(25);
        Assert.That(rig.Score, Is.EqualTo(50.5f));
        Assert.That(rig.Watermark, Is.EqualTo(1));

        rig.Pass(6);
        Assert.That(rig.Score, Is.EqualTo(100));
    }

    [Test]
    public void Pause_OfAPrimary_IsFoundBeforeWhatComesAfterItCounts()
    {
        var rig = Primary();

        // Nobody ticks: the first thing after the pause is a value.
        rig.Time.Advance(TimeSpan.FromSeconds(1.5));
        rig.PublishAll(3);
        rig.Egress();

        Assert.Multiple(() =>
        {
            Assert.That(rig.Score, Is.EqualTo(1));
            Assert.That(rig.Watermark, Is.EqualTo(1));
            Assert.That(rig.Log.Count(7200), Is.EqualTo(1));
            Assert.That(rig.ScoreChanges, Is.EqualTo(1));
        });
    }

    [Test]
    public void Pause_OfOneSecond_IsNone()
    {
        var rig = Primary();

        rig.Time.Advance(TimeSpan.FromSeconds(1));
        rig.Ledger.Tick();

        Assert.That(rig.Score, Is.EqualTo(100));
    }

    [Test]
    public void Pause_OfTheMachine_IsFoundByTheWallClock()
    {
        var rig = Primary();

        // Suspended: the monotonic clock stood still.
        rig.Time.SetClock(rig.Time.GetUtcNow() + TimeSpan.FromMinutes(1));
        rig.Ledger.Tick();

        Assert.That(rig.Score, Is.EqualTo(1));
    }

    [Test]
    public void Pause_InWarmMode_IsCountedButNotHeld()
    {
        var rig = new LedgerRig(FailoverMode.Warm);
        rig.Assume(FailoverRole.Primary);
        rig.Collect(rig.A);
        rig.Collect(rig.B);
        rig.PublishAll(1);
        rig.Egress();

        rig.Time.Advance(TimeSpan.FromSeconds(5));
        rig.PublishAll(6);
        rig.Egress();

        Assert.Multiple(() =>
        {
            Assert.That(rig.Score, Is.EqualTo(100));
            Assert.That(rig.Watermark, Is.EqualTo(6));
            Assert.That(rig.Ledger.Gaps, Is.EqualTo(2));
        });
    }

    [Test]
    public void Source_PartlyLostAndBack_CountsLittleUntilResolved()
    {
        var rig = Primary();
        rig.Ledger.Reports(rig.A, 50);
        Assert.That(rig.Score, Is.EqualTo(75));
        rig.PublishAll(5);
        rig.Egress();
        Assert.That(rig.Watermark, Is.EqualTo(1));

        rig.Ledger.Reports(rig.A, 100);

        Assert.That(rig.Score, Is.EqualTo(50.5f));
        rig.Ledger.CatchesUp(rig.A);
        Assert.That(rig.Score, Is.EqualTo(100));
    }

    [Test]
    public void Source_PartlyLostForGood_BecomesTheMeasureAfterThreeTimeouts()
    {
        var rig = Primary();
        rig.Ledger.Reports(rig.A, 50);
        rig.PublishAll(5);
        rig.Egress();

        rig.Pass(31);

        Assert.That(rig.Watermark, Is.EqualTo(5));
        Assert.That(rig.Score, Is.EqualTo(75));
    }

    [Test]
    public void Score_Changes_IsTold()
    {
        var rig = Primary();

        rig.Ledger.Fails(rig.A);
        rig.Ledger.Enters(rig.A, ComponentPhase.Started);

        Assert.That(rig.ScoreChanges, Is.EqualTo(1));
    }

    [TestCase(-1)]
    [TestCase(100.1f)]
    [TestCase(float.NaN)]
    public void ReportScore_OutOfRange_Throws(float score)
    {
        var rig = new LedgerRig();

        Assert.That(() => rig.Ledger.Reports(rig.A, score), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    /// <summary>A Primary that has egressed a value of 1 s on every stream.</summary>
    private static LedgerRig Primary()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.PublishAll(1);
        rig.Egress();
        Assert.That(rig.Watermark, Is.EqualTo(1));
        rig.ScoreChanges = 0;
        return rig;
    }
}
