using NUnit.Framework;

namespace ClientFailover.Client.Tests.Egress;

public sealed class EgressPumpTests
{
    [Test]
    public async Task Run_Primary_SendsInOrderAndCompletes()
    {
        await using var rig = new EgressRig();
        rig.Publish(1, 2);
        rig.Assume(FailoverRole.Primary, term: 7);

        var batch = await rig.Destination.NextAsync();
        Assert.That(batch.Seconds, Is.EqualTo(new double[] { 1, 2 }));
        Assert.That(batch.Context, Is.EqualTo(new EgressContext(7, false)));
        Assert.That(rig.Buffer.Count, Is.EqualTo(2), "not before the destination has them");
        batch.Take();
        await rig.IdleAsync();

        Assert.That(rig.Buffer.Count, Is.Zero);
        Assert.That(rig.Ledger.Egressed, Is.EqualTo(2));
    }

    [Test]
    public async Task Run_CollectedBeforePromotion_IsReplay()
    {
        await using var rig = new EgressRig();
        rig.Publish(1);
        rig.Pass(1);
        rig.Assume(FailoverRole.Primary);
        var first = await rig.Destination.NextAsync();
        rig.Publish(2);
        first.Take();
        var second = await rig.Destination.NextAsync();

        Assert.That(first.Context.IsReplay, Is.True);
        Assert.That(second.Context.IsReplay, Is.False);
    }

    [Test]
    public async Task Run_MoreThanABatchTakes_SendsSeveral()
    {
        await using var rig = new EgressRig();
        rig.Publish([.. Enumerable.Range(1, 1_500).Select(i => (double)i)]);
        rig.Assume(FailoverRole.Primary);

        var first = await rig.Destination.NextAsync();
        first.Take();
        var second = await rig.Destination.NextAsync();

        Assert.That((first.Items.Count, second.Items.Count), Is.EqualTo((1_000, 500)));
    }

    [Test]
    public async Task Send_Fails_SameBatchComesAgainWithGrowingPausesAndOneLogEntry()
    {
        await using var rig = new EgressRig();
        rig.Publish(1);
        rig.Assume(FailoverRole.Primary);
        for (var i = 0; i < 4; i++)
        {
            (await rig.Destination.NextAsync()).Fail();
            await rig.IdleAsync();

            // The pauses grow from 100 ms: more than a second is never needed here.
            rig.Pass(1);
        }

        var last = await rig.Destination.NextAsync();
        Assert.That(last.Seconds, Is.EqualTo(new double[] { 1 }));
        Assert.That(rig.Log.Count(7500), Is.EqualTo(1));
        last.Take();
        await rig.IdleAsync();

        Assert.That(rig.Log.Count(7501), Is.EqualTo(1));
        Assert.That(rig.Buffer.Count, Is.Zero);
    }

    [Test]
    public async Task Send_Rejected_DropsCountsAndLogsOnceAStreak()
    {
        await using var rig = new EgressRig();
        rig.Assume(FailoverRole.Primary);
        foreach (var second in new double[] { 1, 2 })
        {
            rig.Publish(second);
            (await rig.Destination.NextAsync()).Fail(new DataRejectedException("never"));
            await rig.IdleAsync();
        }

        Assert.That(rig.Buffer.Count, Is.Zero);
        Assert.That(rig.Ledger.Rejected, Is.EqualTo(2));
        Assert.That(rig.Log.Count(7502), Is.EqualTo(1));
        rig.Publish(3);
        (await rig.Destination.NextAsync()).Take();
        await rig.IdleAsync();
        Assert.That(rig.Log.Count(7503), Is.EqualTo(1));
    }

    [Test]
    public async Task Send_PartlyRejected_CountsBothAndIsEgressed()
    {
        await using var rig = new EgressRig();
        rig.Publish(1, 2);
        rig.Assume(FailoverRole.Primary);
        (await rig.Destination.NextAsync()).Fail(new DataRejectedException("never") { Rejected = 1 });
        await rig.IdleAsync();

        Assert.That(rig.Buffer.Count, Is.Zero);
        Assert.That((rig.Ledger.Egressed, rig.Ledger.Rejected), Is.EqualTo((1L, 1L)));
        Assert.That(rig.Ledger.Report().LastDataProcessedTime, Is.Not.Null);
    }

    [Test]
    public async Task Send_AllRejected_IsProcessedAllTheSame()
    {
        await using var rig = new EgressRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish(1);
        (await rig.Destination.NextAsync()).Fail(new DataRejectedException("never"));
        await rig.IdleAsync();

        Assert.That(rig.Ledger.Report().LastDataProcessedTime, Is.Not.Null);
    }

    [Test]
    public async Task Run_DemotedWhileSending_CancelsAndKeepsTheValues()
    {
        await using var rig = new EgressRig();
        rig.Publish(1);
        rig.Assume(FailoverRole.Primary, group: EgressRig.At(0));
        var batch = await rig.Destination.NextAsync();

        rig.Assume(FailoverRole.Secondary, term: 2);
        await rig.IdleAsync();

        Assert.That(batch.Cancellation.IsCancellationRequested, Is.True);
        Assert.That(rig.Buffer.Count, Is.EqualTo(1));
        Assert.That(rig.Ledger.Egressed, Is.Zero);
    }

    [Test]
    public async Task Run_WarmDemotedWhileSending_Finishes()
    {
        await using var rig = new EgressRig(FailoverMode.Warm);
        rig.Assume(FailoverRole.Primary);
        rig.Publish(1, 2);
        var batch = await rig.Destination.NextAsync();

        rig.Assume(FailoverRole.Secondary, term: 2);
        Assert.That(batch.Cancellation.IsCancellationRequested, Is.False);
        batch.Take();
        await Eventually.IsTrueAsync(() => rig.Buffer.Count == 0 || rig.Pump.IsIdle);
        if (rig.Buffer.Count > 0)
        {
            (await rig.Destination.NextAsync()).Take();
        }

        await Eventually.IsTrueAsync(() => rig.Buffer.Count == 0);
        Assert.That(rig.Ledger.Egressed, Is.EqualTo(2));
    }

    [Test]
    public async Task Run_DemotedWithABacklog_SendsItInItsOwnTerm()
    {
        await using var rig = new EgressRig();
        rig.Assume(FailoverRole.Primary, term: 1);
        rig.Publish(1);
        var refused = await rig.Destination.NextAsync();
        rig.Pass(6);

        // The destination is to tell it from what the successor sends.
        rig.Assume(FailoverRole.Secondary, term: 2);
        refused.Fail();

        Assert.That((await rig.Destination.NextAsync()).Context.Term, Is.EqualTo(1));
    }

    [Test]
    public async Task Run_LeaseEnds_SendsNothingUntilItIsBack()
    {
        await using var rig = new EgressRig();
        var hasLease = false;
        rig.Ledger.HasLease = () => hasLease;
        rig.Assume(FailoverRole.Primary);
        rig.Publish(1);
        await rig.IdleAsync();
        Assert.That(rig.Ledger.IsSending, Is.False);

        hasLease = true;
        rig.Pass(0.25);

        (await rig.Destination.NextAsync()).Take();
    }
}
