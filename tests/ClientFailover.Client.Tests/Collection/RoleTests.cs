using ClientFailover.Client.Collection;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Collection;

public sealed class RoleTests
{
    [Test]
    public void Assume_Secondary_TrimsOnlyWhatBothTimesAllow()
    {
        var rig = new LedgerRig();
        rig.Publish("a1", 1);
        rig.Pass(6);
        rig.Publish("a1", 2);
        rig.Publish("a1", 6);

        // The bound is 5: the value of 2 was received at 6.
        rig.Assume(FailoverRole.Secondary, 10);

        Assert.That(rig.Buffered, Is.EqualTo(new double[] { 2, 6 }));
    }

    [Test]
    public void Assume_PrimaryExactly_SkipsWhatWasEgressedWheneverItArrives()
    {
        var rig = new LedgerRig();
        rig.PublishAll(1);
        rig.Publish("a1", 3);
        rig.Assume(FailoverRole.Primary, 2, isExact: true);
        rig.Publish("b1", 2);
        rig.Publish("b1", 2.5);

        Assert.That(rig.Egress(), Is.EqualTo(new[] { 3, 2.5 }));
        Assert.That(rig.Ledger.Skipped, Is.EqualTo(1));
    }

    [Test]
    public void Assume_PrimaryNotExactly_EgressesWhatIsAfterTheBoundInOrder()
    {
        var rig = new LedgerRig();
        rig.Publish("a1", 1);
        rig.Publish("a1", 6);
        rig.Publish("a1", 9);

        rig.Assume(FailoverRole.Primary, 10);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 6, 9 }));
    }

    [Test]
    public void Assume_ExactWithoutSourceTimestamps_KeepsTheMargin()
    {
        var rig = new LedgerRig(sourceTimestamps: false);
        rig.Publish("a1", 9);

        rig.Assume(FailoverRole.Primary, 10, isExact: true);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 9 }).Or.Empty);
        Assert.That(rig.Buffer.Count, Is.Zero);
    }

    [Test]
    public void Permit_Secondary_IsNone()
    {
        var rig = new LedgerRig();
        rig.Publish("a1", 1);

        Assert.That(rig.Egress(), Is.Empty);
        rig.Assume(FailoverRole.PendingPrimary);
        Assert.That(rig.Egress(), Is.Empty);
    }

    [Test]
    public void Permit_LeaseIsOver_SendsNothing()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish("a1", 1);
        rig.Ledger.HasLease = () => false;

        Assert.That(rig.Egress(), Is.Empty);
        Assert.That(rig.Buffer.Count, Is.EqualTo(1));
    }

    [Test]
    public void Permit_IsAnotherSinceTheBatchWasRead_SendsNothing()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish("a1", 1);
        var permit = rig.Ledger.Permit();
        rig.Assume(FailoverRole.Secondary, term: 2);

        Assert.That(rig.Ledger.TrySend(permit, rig.Buffer.Items), Is.False);
    }

    [Test]
    public void Demoted_Hot_KeepsTheRestUntilTheOtherHasSentIt()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary, 0);
        rig.Publish("a1", 1);
        rig.Publish("a1", 2);
        rig.Assume(FailoverRole.Secondary, 0, term: 2);
        Assert.That(rig.Egress(), Is.Empty);
        Assert.That(rig.Buffered, Is.EqualTo(new double[] { 1, 2 }));

        rig.Assume(FailoverRole.Secondary, 6.5, term: 2);

        Assert.That(rig.Buffered, Is.EqualTo(new double[] { 2 }));
    }

    [Test]
    public void Demoted_HotWithABacklogOfLongerThanHalfATimeout_FinishesIt()
    {
        var rig = new LedgerRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish("a1", 1);
        rig.Pass(6);
        rig.Publish("a1", 7);

        // Who comes now may have been started one timeout ago, and so has for sure what was received here since half of one.
        rig.Assume(FailoverRole.Secondary, 100, term: 2);
        Assert.That(rig.Buffer.IsUnshared, Is.True);
        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 1, 7 }));

        // From now on it is a Secondary like any other.
        rig.Pass(1);
        rig.Publish("a1", 8);
        Assert.That(rig.Egress(), Is.Empty);
        rig.Assume(FailoverRole.Secondary, 101, term: 2);
        Assert.That((rig.Buffer.Count, rig.Buffer.IsUnshared), Is.EqualTo((0L, false)));
    }

    [TestCase(OnServiceLost.KeepRole, 5)]
    [TestCase(OnServiceLost.StepDown, 11)]
    public void Demoted_HotWithAShortBacklogOrSteppingDown_LeavesItToTheOther(OnServiceLost onServiceLost, double seconds)
    {
        var rig = new LedgerRig(onServiceLost: onServiceLost);
        rig.Assume(FailoverRole.Primary, 0);
        rig.Publish("a1", 1);
        rig.Pass(seconds);

        rig.Assume(FailoverRole.Secondary, 100, term: 2);

        Assert.That(rig.Egress(), Is.Empty);
        Assert.That(rig.Buffer.Count, Is.Zero);
    }

    [Test]
    public void Demoted_Warm_FinishesWhatItCollected()
    {
        var rig = WarmPrimary();
        rig.Publish("a1", 1);

        rig.Assume(FailoverRole.Secondary, 100, term: 2);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 1 }));
        Assert.That(rig.Egress(), Is.Empty);
    }

    [Test]
    public void Demoted_WarmAndTheClockWasSetBack_FinishesWhatItCollected()
    {
        var rig = WarmPrimary();
        rig.Pass(5);
        rig.Publish("a1", 1);
        rig.Time.SetClock(LedgerRig.At(-60));
        rig.Ledger.Tick();

        rig.Assume(FailoverRole.Secondary, 100, term: 2);
        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 1 }));
    }

    [Test]
    public void Opened_WarmAndTheClockWasSetBack_FinishesWhatAnEarlierRunCollected()
    {
        var rig = new LedgerRig(FailoverMode.Warm);
        rig.Buffer.Append(new DataItem("a1", LedgerRig.At(1), LedgerRig.At(60), new byte[] { 1 }));
        rig.Ledger.Opened();

        rig.Assume(FailoverRole.Secondary, 100, term: 2);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 1 }));
    }

    [Test]
    public void Opened_HotAndTheEarlierRunWasWarm_FinishesWhatThatCollected()
    {
        var rig = new LedgerRig();
        rig.Buffer.Append(new DataItem("a1", LedgerRig.At(-5), LedgerRig.At(-5), new byte[] { 1 }));
        rig.Buffer.IsUnshared = true;
        rig.Ledger.Opened();
        rig.Pass(1);
        rig.Publish("a1", 1);

        rig.Assume(FailoverRole.Secondary, 100);
        Assert.That(rig.Egress(), Is.EqualTo(new double[] { -5, 1 }), "A batch may have more.");
        Assert.That(rig.Buffer.IsUnshared, Is.True);
        rig.Publish("a1", 2);
        Assert.That(rig.Egress(), Is.Empty);
        Assert.That(rig.Buffer.IsUnshared, Is.False);
        rig.Assume(FailoverRole.Secondary, 100);

        Assert.That(rig.Buffer.Count, Is.Zero);
    }

    [Test]
    public void Demoted_HotWithWhatAWarmRunCollected_FinishesIt()
    {
        var rig = new LedgerRig();
        rig.Buffer.Append(new DataItem("a1", LedgerRig.At(-5), LedgerRig.At(-5), new byte[] { 1 }));
        rig.Buffer.IsUnshared = true;
        rig.Ledger.Opened();
        rig.Assume(FailoverRole.Primary, 100);

        rig.Assume(FailoverRole.Secondary, 100, term: 2);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { -5 }));
    }

    [Test]
    public void ChangeMode_WarmPrimaryToHot_FinishesWhatItCollectedAloneAfterItsDemotion()
    {
        var rig = WarmPrimary();
        rig.Publish("a1", 1);
        Assert.That(rig.Buffer.IsUnshared, Is.True);
        rig.Ledger.ChangeMode(FailoverMode.Hot);
        Assert.That(rig.Buffer.IsUnshared, Is.True);

        rig.Assume(FailoverRole.Secondary, 100, term: 2);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 1 }));
    }

    [Test]
    public void ChangeMode_WarmPrimaryToHotAndAllIsSent_IsShared()
    {
        var rig = WarmPrimary();
        rig.Publish("a1", 1);
        rig.Ledger.ChangeMode(FailoverMode.Hot);
        rig.Egress();
        rig.Pass(1);
        rig.Publish("a1", 2);
        rig.Egress();

        Assert.That(rig.Buffer.IsUnshared, Is.False);
    }

    [Test]
    public void Demoted_WarmAndStepsDown_KeepsItForTheNextTime()
    {
        var rig = WarmPrimary(OnServiceLost.StepDown);
        rig.Publish("a1", 1);

        rig.Assume(FailoverRole.Secondary, 100, term: 2);
        Assert.That(rig.Egress(), Is.Empty);
        rig.Assume(FailoverRole.Secondary, 200, term: 2);
        rig.Assume(FailoverRole.Primary, 200, term: 3);

        Assert.That(rig.Egress(), Is.EqualTo(new double[] { 1 }));
    }

    [Test]
    public void PendingCancelled_Warm_IsTrimmedLikeASecondary()
    {
        var rig = new LedgerRig(FailoverMode.Warm);
        rig.Assume(FailoverRole.PendingPrimary);
        Assert.That(rig.Ledger.Target, Is.EqualTo(ComponentPhase.Collecting));
        rig.Publish("a1", 1);

        rig.Assume(FailoverRole.Secondary, 100);

        Assert.That(rig.Buffer.Count, Is.Zero);
        Assert.That(rig.Ledger.Target, Is.EqualTo(ComponentPhase.Connected));
    }

    [TestCase(FailoverMode.Hot, FailoverRole.Secondary, 3)]
    [TestCase(FailoverMode.Warm, FailoverRole.Secondary, 2)]
    [TestCase(FailoverMode.Cold, FailoverRole.Secondary, 0)]
    [TestCase(FailoverMode.Warm, FailoverRole.PendingPrimary, 3)]
    [TestCase(FailoverMode.Cold, FailoverRole.PendingPrimary, 3)]
    [TestCase(FailoverMode.Cold, FailoverRole.Primary, 3)]
    public void Target_ModeAndRole_IsHowFarComponentsGo(FailoverMode mode, FailoverRole role, int target)
    {
        var rig = new LedgerRig(mode);
        rig.Assume(role);

        Assert.That((int)rig.Ledger.Target, Is.EqualTo(target));
    }

    [Test]
    public void Score_WarmSecondary_CountsWhatIsConnected()
    {
        var rig = new LedgerRig(FailoverMode.Warm);
        rig.Ledger.Enters(rig.A, ComponentPhase.Connected);

        Assert.That(rig.Score, Is.EqualTo(50));
    }

    [Test]
    public void Score_ColdSecondary_IsZeroForTwoTimeoutsAfterStartAndDemotion()
    {
        var rig = new LedgerRig(FailoverMode.Cold);
        Assert.That(rig.Score, Is.Zero);
        rig.Pass(20.5);
        Assert.That(rig.Score, Is.EqualTo(1));

        rig.Assume(FailoverRole.Primary);
        rig.Collect(rig.A);
        rig.Collect(rig.B);
        Assert.That(rig.Score, Is.EqualTo(100));
        rig.Assume(FailoverRole.Secondary, term: 2);

        Assert.That(rig.Score, Is.Zero);
        rig.Pass(20.5);
        Assert.That(rig.Score, Is.EqualTo(1));
    }

    [Test]
    public void Score_ColdComponentLastSeenInError_IsZeroForTenTimeouts()
    {
        var rig = new LedgerRig(FailoverMode.Cold);
        rig.Assume(FailoverRole.Primary);
        rig.Collect(rig.A);
        rig.Collect(rig.B);
        rig.Ledger.Fails(rig.A);
        rig.Assume(FailoverRole.Secondary, term: 2);
        rig.Pass(50);
        Assert.That(rig.Score, Is.EqualTo(0.5f));

        rig.Pass(51);

        Assert.That(rig.Score, Is.EqualTo(1));
    }

    [Test]
    public void ChangeMode_HotToWarm_ForgetsGaps()
    {
        var rig = new LedgerRig();
        rig.Ledger.Fails(rig.A);
        rig.Collect(rig.A);
        Assert.That(rig.Score, Is.EqualTo(50.5f));

        rig.Ledger.ChangeMode(FailoverMode.Warm);

        Assert.That(rig.Score, Is.EqualTo(100));
        Assert.That(rig.Ledger.Target, Is.EqualTo(ComponentPhase.Connected));
    }

    private static LedgerRig WarmPrimary(OnServiceLost onServiceLost = OnServiceLost.KeepRole)
    {
        var rig = new LedgerRig(FailoverMode.Warm, onServiceLost: onServiceLost);
        rig.Assume(FailoverRole.Primary);
        rig.Collect(rig.A);
        rig.Collect(rig.B);
        return rig;
    }
}
