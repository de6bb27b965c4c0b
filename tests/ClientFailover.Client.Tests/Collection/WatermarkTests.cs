using NUnit.Framework;

namespace ClientFailover.Client.Tests.Collection;

public sealed class WatermarkTests
{
    [Test]
    public void Report_NeverEgressed_HasNoTime()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.PublishAll(1);

        Assert.That(rig.Watermark, Is.Null);
    }

    [Test]
    public void Report_AllEgressed_IsTheSlowestStream()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.PublishAll(1);
        rig.Publish("a1", 2);
        rig.Publish("a2", 3);
        rig.Publish("b1", 4);
        rig.Egress();

        Assert.That(rig.Watermark, Is.EqualTo(1));
    }

    [Test]
    public void Report_SomethingIsNotEgressed_IsJustBeforeIt()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.PublishAll(1);
        rig.Egress();
        rig.PublishAll(5);

        Assert.That(rig.Ledger.Report().LastDataProcessedTime, Is.EqualTo(LedgerRig.At(5).AddTicks(-1)));
        rig.Egress();
        Assert.That(rig.Watermark, Is.EqualTo(5));
    }

    [Test]
    public void Report_UnegressedIsOlderThanProgress_IsOneTickBelow()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.PublishAll(1);
        rig.Egress();
        rig.Publish("a1", 2);
        rig.Publish("a2", 3);
        rig.Publish("b1", 3);
        rig.Publish("b2", 3);

        // a1's value of 2 is not egressed, and all streams are at 2 or later.
        Assert.That(rig.Ledger.Report().LastDataProcessedTime, Is.EqualTo(LedgerRig.At(2).AddTicks(-1)));
    }

    [Test]
    public void Report_StreamIsSilent_HoldsUntilProgressIsDeclared()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.PublishAll(1);
        rig.Publish("a1", 9);
        rig.Publish("a2", 9);
        rig.Egress();
        Assert.That(rig.Watermark, Is.EqualTo(1));

        rig.Ledger.Progress(rig.B, LedgerRig.At(8));

        Assert.That(rig.Watermark, Is.EqualTo(8));
    }

    [Test]
    public void Report_StreamNeverPublished_HoldsAll()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish("a1", 1);
        rig.Publish("a2", 1);
        rig.Publish("b1", 1);
        rig.Egress();

        Assert.That(rig.Watermark, Is.Null);
    }

    [Test]
    public void Report_TimesOfReceipt_ProgressIsCappedAtTheClock()
    {
        var rig = new LedgerRig(sourceTimestamps: false);
        rig.Assume(FailoverRole.Primary);
        rig.Pass(5);
        rig.PublishAll(1);
        rig.Egress();
        rig.Ledger.Progress(rig.A, LedgerRig.At(100));
        rig.Ledger.Progress(rig.B, LedgerRig.At(100));

        Assert.That(rig.Watermark, Is.EqualTo(5));
    }

    [Test]
    public void Report_TimesOfReceiptAndTheClockIsSetBack_FollowsIt()
    {
        var rig = new LedgerRig(sourceTimestamps: false);
        rig.Assume(FailoverRole.Primary);
        rig.Pass(100);
        rig.PublishAll(1);
        rig.Egress();
        Assert.That(rig.Watermark, Is.EqualTo(100));

        rig.Time.SetClock(LedgerRig.At(40));
        rig.Ledger.Tick();
        Assert.That(rig.Watermark, Is.EqualTo(40));
        rig.Pass(5);
        rig.PublishAll(1);
        Assert.That(rig.Watermark, Is.EqualTo(45), "A tick before it.");
        rig.Pass(5);
        rig.PublishAll(1);
        Assert.That(rig.Watermark, Is.EqualTo(45), "What is not sent holds it.");
        rig.Egress();
        Assert.That(rig.Watermark, Is.EqualTo(50));
    }

    [Test]
    public void Report_TimesOfReceiptAndTheClockIsSetBack_WaitsForWhatWasReceivedBefore()
    {
        var rig = new LedgerRig(sourceTimestamps: false);
        rig.Assume(FailoverRole.Primary);
        rig.Pass(100);
        rig.PublishAll(1);
        rig.Egress();
        rig.Pass(5);
        rig.PublishAll(1);
        Assert.That(rig.Watermark, Is.EqualTo(105), "A tick before it.");

        rig.Time.SetClock(LedgerRig.At(40));
        rig.Pass(10);
        rig.PublishAll(1);
        Assert.That(rig.Watermark, Is.EqualTo(40), "It is later by the clock than what was received since, and not sent.");
        rig.Egress();
        Assert.That(rig.Watermark, Is.EqualTo(50));
    }

    [Test]
    public void Report_TimesOfReceiptAndTheClockIsSetBackLittleByLittle_FollowsIt()
    {
        var rig = new LedgerRig(sourceTimestamps: false);
        rig.Assume(FailoverRole.Primary);
        rig.Pass(100);
        rig.PublishAll(1);
        rig.Egress();
        for (var i = 0; i < 3; i++)
        {
            rig.Time.SetClock(rig.Time.GetUtcNow().AddSeconds(-0.4));
            rig.Ledger.Tick();
        }

        Assert.That(rig.Watermark, Is.EqualTo(98.8));
    }

    [Test]
    public void Report_SourceTimestampsAndTheClockIsSetBack_IsOfTheSources()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.Pass(100);
        rig.PublishAll(99);
        rig.Egress();

        rig.Time.SetClock(LedgerRig.At(40));
        rig.Ledger.Tick();

        Assert.That(rig.Watermark, Is.EqualTo(99));
    }

    [Test]
    public void Report_StreamRepeatsTimes_StaysBelowTheRepeatedTime()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.PublishAll(1);
        rig.Publish("a1", 1);
        rig.Egress();

        Assert.That(rig.Ledger.Report().LastDataProcessedTime, Is.EqualTo(LedgerRig.At(1).AddTicks(-1)));
    }

    [Test]
    public void Report_DemotedAndPromotedAgain_NeverGoesBackNorToNone()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.PublishAll(5);
        rig.Egress();
        Assert.That(rig.Watermark, Is.EqualTo(5));

        rig.Assume(FailoverRole.Secondary, 5, term: 2);
        Assert.That(rig.Watermark, Is.EqualTo(5));
        rig.PublishAll(7);
        rig.Assume(FailoverRole.Primary, 5, term: 3);
        Assert.That(rig.Ledger.Report().LastDataProcessedTime, Is.EqualTo(LedgerRig.At(7).AddTicks(-1)));
        rig.Ledger.Select(rig.A, ["a1", "a2", "a3"]);
        rig.Egress();
        Assert.That(rig.Watermark, Is.GreaterThanOrEqualTo(5));
    }

    [Test]
    public void Publish_OlderThanBefore_IsLoggedOnceAndKept()
    {
        var rig = new LedgerRig();
        rig.PublishAll(5);
        rig.Publish("a1", 4);
        rig.Publish("a1", 3);

        Assert.Multiple(() =>
        {
            Assert.That(rig.Log.Count(7204), Is.EqualTo(1));
            Assert.That(rig.Buffer.Count, Is.EqualTo(6));
        });
    }

    [Test]
    public void Publish_StreamNotSelected_Throws()
    {
        var rig = new LedgerRig();

        Assert.That(() => rig.Publish("a9", 1), Throws.ArgumentException);
    }

    [Test]
    public void Select_StreamOfAnotherComponent_Throws()
    {
        var rig = new LedgerRig();

        Assert.That(() => rig.Ledger.Select(rig.B, ["b1", "a1"]), Throws.ArgumentException);
    }
}
