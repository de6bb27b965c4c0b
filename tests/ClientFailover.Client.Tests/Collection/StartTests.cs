using NUnit.Framework;

namespace ClientFailover.Client.Tests.Collection;

/// <summary>An adapter that has just started has not what is under way to the others, nor what they collected before.</summary>
public sealed class StartTests
{
    /// <summary>The group's time less half a timeout has to pass the start, which was at 0 s; or one timeout has to pass.</summary>
    [TestCase(0, null, 1)]
    [TestCase(0, -100, 1)]
    [TestCase(9.75, null, 1)]
    [TestCase(9.75, 4.9, 1)]
    [TestCase(10, null, 100)]
    [TestCase(10, -100, 100)]
    [TestCase(1, 4.9, 1)]
    [TestCase(1, 5, 100)]
    public void Score_HotSecondary_IsThatOfAColdOneUntilNothingItMissedIsNeeded(double seconds, double? group, float score)
    {
        var rig = new LedgerRig(hasJustStarted: true);
        rig.Pass(seconds);

        rig.Assume(FailoverRole.Secondary, group);

        Assert.That(rig.Score, Is.EqualTo(score));
    }

    /// <summary>The watermark of a Primary with the group's time at its promotion, so many seconds after that. All was egressed up to 9 s.</summary>
    [TestCase(null, 0, 9)]
    [TestCase(5, 0, 9)]
    [TestCase(4.9, 0, null)]
    [TestCase(-100, 0, null)]
    [TestCase(-100, 29.75, null)]
    [TestCase(-100, 30, 9)]
    public void Watermark_HotPrimary_DoesNotPassWhatOnlyOthersHave(double? group, double seconds, double? watermark)
    {
        var rig = new LedgerRig(hasJustStarted: true);
        rig.Assume(FailoverRole.Primary, group);
        rig.PublishAll(9);
        rig.Egress();
        Assert.That(rig.Score, Is.EqualTo(100), "the service relieves it, if there is somebody who has more");

        rig.Pass(seconds);

        Assert.Multiple(() =>
        {
            Assert.That(rig.Watermark, Is.EqualTo(watermark));
            Assert.That((rig.Score, rig.Ledger.Gaps), Is.EqualTo((100f, 0L)));
            Assert.That(rig.Log.Count(7201), Is.Zero);
        });
    }

    [Test]
    public void Watermark_SecondaryOfLongThatIsPromoted_IsNotHeldThoughTheGroupsTimeStoodStill()
    {
        var rig = new LedgerRig(hasJustStarted: true);
        rig.Assume(FailoverRole.Secondary, -100);
        rig.Pass(100);
        rig.Assume(FailoverRole.Primary, -100);
        rig.PublishAll(100);
        rig.Egress();

        Assert.That(rig.Watermark, Is.EqualTo(100));
        Assert.That(rig.Log.Count(7203), Is.Zero);
    }

    [Test]
    public void Drain_PrimaryThatHasJustStarted_IsNotExact()
    {
        var rig = new LedgerRig(hasJustStarted: true);
        rig.Assume(FailoverRole.Primary, -100);
        rig.PublishAll(9);
        rig.Egress();

        Assert.That(rig.Ledger.BeginDrain(), Is.False);
    }

    [Test]
    public void Relieved_PrimaryThatHadJustStarted_CountsLittleUntilTheOtherHasSentWhatItMissed()
    {
        var rig = new LedgerRig(hasJustStarted: true);
        rig.Assume(FailoverRole.Primary, -1);
        rig.Assume(FailoverRole.Secondary, -1, term: 2);
        Assert.That(rig.Score, Is.EqualTo(1));

        rig.Assume(FailoverRole.Secondary, 5, term: 2);

        Assert.That(rig.Score, Is.EqualTo(100));
    }

    [Test]
    public void CaughtUp_AfterTheStart_CountsAtOnce()
    {
        var rig = new LedgerRig(hasJustStarted: true);
        rig.Ledger.CatchesUp(rig.A);
        rig.Ledger.CatchesUp(rig.B);

        Assert.That(rig.Score, Is.EqualTo(100));
    }

    [Test]
    public void Source_LostSoonAfterTheStart_IsAGapLikeAnyOther()
    {
        var rig = new LedgerRig(hasJustStarted: true);
        rig.Ledger.Fails(rig.A);
        rig.Collect(rig.A);
        rig.Pass(10);
        Assert.That(rig.Score, Is.EqualTo(50.5f));

        rig.Assume(FailoverRole.Primary, -100);
        rig.PublishAll(9);
        rig.Egress();

        Assert.That((rig.Score, rig.Watermark), Is.EqualTo((50.5f, (double?)null)));
        rig.Pass(30);
        Assert.That((rig.Score, rig.Watermark), Is.EqualTo((100f, (double?)9)));
        Assert.That(rig.Log.Count(7201), Is.EqualTo(1));
    }

    [Test]
    public void ChangeMode_WarmToHot_IsAStart()
    {
        var rig = new LedgerRig(FailoverMode.Warm);
        rig.Assume(FailoverRole.Secondary, -100);
        rig.Ledger.ChangeMode(FailoverMode.Hot);
        rig.Collect(rig.A);
        rig.Collect(rig.B);

        Assert.That(rig.Score, Is.EqualTo(1));
    }

    /// <summary>The role comes with the group's time: that may be the first to say that a gap, which ended at 0 s, is filled.</summary>
    [TestCase(4.9, 50.5f, 1)]
    [TestCase(5, 100, 9)]
    public void Promoted_WithAGap_ClosesItIfTheGroupsTimePassedIt(double group, float score, double watermark)
    {
        var rig = new LedgerRig();
        rig.PublishAll(1);
        rig.Ledger.Fails(rig.A);
        rig.Collect(rig.A);

        rig.Assume(FailoverRole.Primary, group);
        rig.PublishAll(9);
        rig.Egress();

        Assert.That((rig.Score, rig.Watermark), Is.EqualTo((score, (double?)watermark)));
    }

    /// <summary>
    /// Whoever is ordered to be Primary may have just started, and then holds the group's time for three timeouts: what it has not is what was
    /// received before, or was under way, for half a timeout at most. One that lets the group's time move has long been there.
    /// </summary>
    [TestCase(1, new double[] { 2, 5, 6 })]
    [TestCase(1.25, new double[] { })]
    public void Relieved_GroupsTimeStandsStillOrMoves_SendsTheRestOrNothing(double group, double[] sent)
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.PublishAll(1);
        rig.Egress();
        rig.Publish("a1", 2);
        rig.Assume(FailoverRole.Secondary, 1, term: 2);
        rig.Pass(5);
        rig.Publish("a1", 5);
        rig.Pass(0.25);
        rig.Publish("a1", 6);
        rig.Assume(FailoverRole.Secondary, group, term: 2);
        rig.Pass(14.5);
        Assert.That(rig.Egress(), Is.Empty);

        rig.Pass(0.25);

        Assert.That(rig.Egress(), Is.EqualTo(sent), "A batch may have more.");
        rig.Publish("a1", 7);
        Assert.That(rig.Egress(), Is.Empty);
    }

    /// <summary>By a higher score only one takes over that has long been there: of what was handed over exactly nothing is sent twice.</summary>
    [TestCase("HigherFailoverScore", 0)]
    [TestCase("RoleOverride", 1)]
    [TestCase(null, 1)]
    public void Relieved_AfterAnExactDrain_SendsTheRestIfItMayHaveBeenOrdered(string? reason, int sent)
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.PublishAll(1);
        rig.Egress();
        Assert.That(rig.Ledger.BeginDrain(), Is.True);
        rig.Publish("a1", 2);
        Assert.That(rig.Ledger.TryCut(), Is.EqualTo(LedgerRig.At(1)));

        rig.Assume(FailoverRole.Secondary, 1, term: 2, reason: reason);
        rig.Pass(20);

        Assert.That(rig.Egress(), Has.Count.EqualTo(sent));
    }

    [Test]
    public void Relieved_StepsDown_SendsNothing()
    {
        var rig = new LedgerRig(onServiceLost: OnServiceLost.StepDown);
        rig.Assume(FailoverRole.Primary);
        rig.Publish("a1", 2);

        rig.Assume(FailoverRole.Secondary, 1, term: 2);
        rig.Pass(30);

        Assert.That(rig.Egress(), Is.Empty);
    }

    [Test]
    public void Relieved_ModeIsChangedMeanwhile_SendsTheRestNoLater()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary, 1);
        rig.PublishAll(1);
        rig.Egress();
        rig.Publish("a1", 2);
        rig.Assume(FailoverRole.Secondary, 1, term: 2);
        rig.Pass(15);
        rig.Ledger.ChangeMode(FailoverMode.Warm);

        rig.Pass(5);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 2 }));
    }

    /// <summary>Where nobody has egressed anything yet, there is no time that one who has just started could hold.</summary>
    [Test]
    public void Relieved_BeforeTheGroupHasATime_SendsWhatItHas()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish("a1", 2);

        rig.Assume(FailoverRole.Secondary, 9, term: 2);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 2 }));
    }

    /// <summary>A kill meanwhile: at the next start everything is sent that is in the buffer.</summary>
    [Test]
    public void Relieved_UntilTheGroupsTimeMoves_TheBufferRemembersThatNobodyElseMayHaveIt()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary, 1);
        rig.Publish("a1", 2);
        Assert.That(rig.Buffer.IsUnshared, Is.False);

        rig.Assume(FailoverRole.Secondary, 1, term: 2);
        var waiting = rig.Buffer.IsUnshared;
        rig.Assume(FailoverRole.Secondary, 1.1, term: 2);

        Assert.That((waiting, rig.Buffer.IsUnshared), Is.EqualTo((true, false)));
    }

    [Test]
    public void Relieved_IsPrimaryAgain_IsNoLongerConcernedWithTheRest()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary, 0);
        rig.Publish("a1", 2);
        rig.Assume(FailoverRole.Secondary, 1, term: 2);
        rig.Assume(FailoverRole.Primary, 1, term: 3);

        rig.Pass(20);

        Assert.That(rig.Buffer.IsUnshared, Is.False, "Others have it, as far as a Primary knows.");
    }
}
