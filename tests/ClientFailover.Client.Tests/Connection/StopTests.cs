using NUnit.Framework;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>How a client leaves.</summary>
[TestFixture]
public sealed class StopTests
{
    [Test]
    public async Task Stop_Primary_FinishesThenLastBeatThenGoodbyeThenSecondary()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsPrimaryAsync();
        rig.Time.Advance(TimeSpan.FromSeconds(1));
        rig.Member.OnDrain = (_, _) =>
        {
            rig.Member.OnReport = () => new AdapterReport(100, FakeRig.Start);
            return Task.FromResult<DateTimeOffset?>(FakeRig.Start);
        };

        await rig.Client.StopAsync().Soon();

        Assert.That(await session.Left.Soon(), Is.True);
        Assert.That(rig.Member.Drains.Single().Reason, Is.EqualTo("Leaving"));
        Assert.That(session.LastHeartbeat!.LastDataProcessedTime, Is.EqualTo(FakeRig.Start));
        Assert.That(rig.Client.Role.Role, Is.EqualTo(FailoverRole.Secondary));
        Assert.That(rig.Member.All[^1].Role, Is.EqualTo(FailoverRole.Secondary));
        Assert.That(rig.Client.WhilePrimary.IsCancellationRequested, Is.True);
    }

    [Test]
    public async Task Stop_NotUnregistering_OnlyDisconnects()
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsync();

        await rig.Client.StopAsync(unregister: false).Soon();

        Assert.That(await session.Left.Soon(), Is.False);
    }

    [Test]
    public async Task Run_Cancelled_LeavesAndEndsInOrder()
    {
        await using var rig = new FakeRig();
        using var stop = new CancellationTokenSource();
        var running = rig.Client.RunAsync(stop.Token);
        var session = await rig.Service.ConnectedAsync().Soon();
        await session.NextHeartbeatAsync().Soon();

        await stop.CancelAsync();

        await running.Soon();
        Assert.That(await session.Left.Soon(), Is.True);
    }

    [Test]
    public async Task Stop_ServiceUnreachable_DoesNotWait()
    {
        await using var rig = new FakeRig();
        await rig.JoinAsPrimaryAsync();
        rig.Service.IsReachable = false;
        await rig.Log.LoggedAsync(7041);

        await rig.Client.StopAsync().Soon();

        Assert.That(rig.Log.Count(7001), Is.EqualTo(1));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Stop_MemberDoesNotFinish_SaysGoodbyeAllTheSame(bool isCancellable)
    {
        await using var rig = new FakeRig();
        var session = await rig.JoinAsPrimaryAsync();
        var never = new TaskCompletionSource<DateTimeOffset?>();
        rig.Member.OnDrain = (_, cancellation) => isCancellable ? never.Task.WaitAsync(cancellation) : never.Task;

        var stopping = rig.Client.StopAsync();

        try
        {
            // The drain's own limit, then that of who waits for it.
            await rig.Time.SetAsync(t => t == TimeSpan.FromSeconds(3.5));
            await rig.Time.SetAsync(t => t == TimeSpan.FromSeconds(3.5));
            Assert.That(stopping.IsCompleted, Is.False);
            rig.Time.Advance(TimeSpan.FromSeconds(3.5));

            Assert.That(await session.Left.Soon(), Is.True);
        }
        finally
        {
            // Who ignores its cancellation is given up after that.
            never.SetResult(null);
        }

        await stopping.Soon();
        Assert.That(rig.Log.Count(7001), Is.Zero);
    }

    [Test]
    public async Task Start_Twice_Throws()
    {
        await using var rig = new FakeRig();
        rig.Client.Start();

        Assert.That(rig.Client.Start, Throws.InvalidOperationException);
    }

    [Test]
    public async Task Dispose_NeverStarted_Ends()
    {
        var rig = new FakeRig();

        await rig.DisposeAsync().AsTask().Soon();
        await rig.DisposeAsync().AsTask().Soon();
    }
}
