using NUnit.Framework;

namespace ClientFailover.Client.Tests.Egress;

public sealed class DrainTests
{
    private static readonly DrainOrder Order = new(2, "RoleOverride", TimeSpan.FromSeconds(5));

    [Test]
    public async Task Drain_InFlight_FinishesItAndTellsTheCut()
    {
        await using var rig = new EgressRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish(1, 2);
        var batch = await rig.Destination.NextAsync();
        var drain = rig.Drain.RunAsync(Order, default);
        rig.Publish(3);
        Assert.That(drain.IsCompleted, Is.False);

        batch.Take();

        // What was in flight may be the first value only: then the cut is that, and the other stays.
        var cut = await drain.WaitAsync(Eventually.Patience);
        Assert.That(cut, Is.EqualTo(EgressRig.At(batch.Seconds.Last())));
        Assert.That(rig.Buffer.Items.Select(i => i.SourceTime), Has.All.GreaterThan(cut!.Value));
        await rig.IdleAsync();
        Assert.That(rig.Ledger.IsSending, Is.False);
    }

    [Test]
    public async Task Drain_SlowStream_WaitsUntilItHasPassedTheCut()
    {
        await using var rig = new EgressRig();
        var slow = rig.Ledger.AddComponent("slow");
        rig.Ledger.Select(slow, ["slow"]);
        rig.Assume(FailoverRole.Primary);
        rig.Publish(5);
        (await rig.Destination.NextAsync()).Take();
        await rig.IdleAsync();
        var drain = rig.Drain.RunAsync(Order, default);
        await Eventually.IsTrueAsync(() => rig.Drain.IsIdle);

        rig.Ledger.Publish(slow, "slow", EgressRig.At(4), new byte[] { 1 });
        (await rig.Destination.NextAsync()).Take();
        await Eventually.IsTrueAsync(() => rig.Pump.IsIdle && rig.Drain.IsIdle);
        Assert.That(drain.IsCompleted, Is.False);
        rig.Ledger.Publish(slow, "slow", EgressRig.At(6), new byte[] { 1 });

        Assert.That(await drain.WaitAsync(Eventually.Patience), Is.EqualTo(EgressRig.At(5)));
        Assert.That(rig.Buffer.Count, Is.EqualTo(1), "what is later is the successor's");
    }

    [Test]
    public async Task Drain_BacklogTakesLong_GoesOnWhileSomethingIsSent()
    {
        await using var rig = new EgressRig();
        var slow = rig.Ledger.AddComponent("slow");
        rig.Ledger.Select(slow, ["slow"]);
        rig.Assume(FailoverRole.Primary);
        rig.Publish(5);
        (await rig.Destination.NextAsync()).Take();
        await rig.IdleAsync();
        var drain = rig.Drain.RunAsync(Order with { TimeLeft = TimeSpan.FromSeconds(60) }, default);
        foreach (var second in (int[])[2, 3, 4])
        {
            await Eventually.IsTrueAsync(() => rig.Pump.IsIdle && rig.Drain.IsIdle);
            rig.Pass(3);
            rig.Ledger.Publish(slow, "slow", EgressRig.At(second), new byte[] { 1 });
            (await rig.Destination.NextAsync()).Take();
        }

        rig.Ledger.Publish(slow, "slow", EgressRig.At(6), new byte[] { 1 });

        Assert.That(await drain.WaitAsync(Eventually.Patience), Is.EqualTo(EgressRig.At(5)));
    }

    [TestCase(5)]
    [TestCase(60)]
    public async Task Drain_StreamNeverPassesTheCut_GivesUpInTime(double timeLeft)
    {
        await using var rig = new EgressRig();
        rig.Ledger.Select(rig.Ledger.AddComponent("silent"), ["silent"]);
        rig.Assume(FailoverRole.Primary);
        rig.Publish(5);
        (await rig.Destination.NextAsync()).Take();
        await rig.IdleAsync();
        var drain = rig.Drain.RunAsync(Order with { TimeLeft = TimeSpan.FromSeconds(timeLeft) }, default);
        await Eventually.IsTrueAsync(() => rig.Drain.IsIdle);

        rig.Pass(4.1);

        Assert.That(await drain.WaitAsync(Eventually.Patience), Is.Null);
        Assert.That(rig.Ledger.Permit().IsGiven, Is.False);
    }

    [Test]
    public async Task Drain_WithAGap_IsNeverExact()
    {
        await using var rig = new EgressRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish(5);
        (await rig.Destination.NextAsync()).Take();
        await rig.IdleAsync();
        rig.LoseSource();

        Assert.That(await rig.Drain.RunAsync(Order, default).WaitAsync(Eventually.Patience), Is.Null);
    }

    [Test]
    public async Task Drain_DeclaredProgressIsBeyondTheLastValue_CutIsNotBelowWhatWasReported()
    {
        await using var rig = new EgressRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish(5);
        (await rig.Destination.NextAsync()).Take();
        await rig.IdleAsync();
        rig.Progress(8);
        Assert.That(rig.Ledger.Report().LastDataProcessedTime, Is.EqualTo(EgressRig.At(8)));

        Assert.That(await rig.Drain.RunAsync(Order, default).WaitAsync(Eventually.Patience), Is.EqualTo(EgressRig.At(8)));
    }

    [Test]
    public async Task Drain_HeartbeatBeforeItsEnd_TellsNoTimeBeyondTheCut()
    {
        await using var rig = new EgressRig();
        var slow = rig.Ledger.AddComponent("slow");
        rig.Ledger.Select(slow, ["slow"]);
        rig.Assume(FailoverRole.Primary);
        rig.Publish(5);
        (await rig.Destination.NextAsync()).Take();
        await rig.IdleAsync();
        var drain = rig.Drain.RunAsync(Order, default);
        await Eventually.IsTrueAsync(() => rig.Drain.IsIdle);
        rig.Publish(7);

        // Now nothing up to 6 is missing any more, but the successor is to begin at 5.
        rig.Ledger.Publish(slow, "slow", EgressRig.At(6), new byte[] { 1 });

        Assert.That(rig.Ledger.Report().LastDataProcessedTime, Is.EqualTo(EgressRig.At(5)));
        Assert.That(await drain.WaitAsync(Eventually.Patience), Is.EqualTo(EgressRig.At(5)));
    }

    [Test]
    public async Task Drain_CalledOff_GoesOn()
    {
        await using var rig = new EgressRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish(5);
        (await rig.Destination.NextAsync()).Take();
        await rig.IdleAsync();
        await rig.Drain.RunAsync(Order, default).WaitAsync(Eventually.Patience);
        rig.Publish(6);
        Assert.That(rig.Ledger.Permit().IsGiven, Is.False);

        rig.Assume(FailoverRole.Primary, term: 3);

        Assert.That((await rig.Destination.NextAsync()).Seconds, Is.EqualTo(new double[] { 6 }));
    }

    [Test]
    public async Task Drain_PrimaryInTheOldTerm_GoesOn()
    {
        await using var rig = new EgressRig();
        rig.Assume(FailoverRole.Primary);
        await rig.Drain.RunAsync(Order, default).WaitAsync(Eventually.Patience);
        rig.Publish(6);

        // Whether an answer in the old term is from before the order, or the service has forgotten it, only who gives the role knows.
        rig.Assume(FailoverRole.Primary, term: 1);

        Assert.That((await rig.Destination.NextAsync()).Seconds, Is.EqualTo(new double[] { 6 }));
    }

    [Test]
    public async Task Drain_Cancelled_EndsWithoutATime()
    {
        await using var rig = new EgressRig();
        rig.Assume(FailoverRole.Primary);
        rig.Publish(5);
        await rig.Destination.NextAsync();
        using var cancellation = new CancellationTokenSource();
        var drain = rig.Drain.RunAsync(Order, cancellation.Token);
        await Eventually.IsTrueAsync(() => rig.Drain.IsIdle);

        await cancellation.CancelAsync();

        Assert.That(await drain.WaitAsync(Eventually.Patience), Is.Null);
    }

    [TestCase(5, 2.1)]
    [TestCase(60, 24.1)]
    public async Task Drain_Warm_GoesOnForAWhileBeforeTheCut(double timeLeft, double overlap)
    {
        await using var rig = new EgressRig(FailoverMode.Warm);
        rig.Assume(FailoverRole.Primary);
        var drain = rig.Drain.RunAsync(Order with { TimeLeft = TimeSpan.FromSeconds(timeLeft) }, default);
        await Eventually.IsTrueAsync(() => rig.Drain.IsIdle);
        rig.Publish(5);
        (await rig.Destination.NextAsync()).Take();
        await rig.IdleAsync();
        Assert.That(drain.IsCompleted, Is.False);

        rig.Pass(overlap);

        Assert.That(await drain.WaitAsync(Eventually.Patience), Is.EqualTo(EgressRig.At(5)));
    }
}
