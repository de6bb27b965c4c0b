using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Streams;

/// <summary>Groups of one adapter on a stream and one that speaks REST.</summary>
[Parallelizable(ParallelScope.All)]
public sealed class MixedTests
{
    private static Caller Caller => SharedService.Caller;

    [Test]
    public async Task Handover_RestPrimaryToStream_PromotesAtOnce()
    {
        var group = CallerActions.NewId();
        await Caller.CreateGroupAsync(group);
        await Caller.RegisterAsync(group, "rest");
        Assert.That(await Caller.BeatAsync(group, "rest", 50), Is.EqualTo(V1.Role.Primary), "Answered in that same heartbeat.");
        Assert.That(await Caller.BeatAsync(group, "rest", 50), Is.EqualTo(V1.Role.Primary));
        using var stream = await AdapterStream.JoinAsync(Caller, group, "stream");
        await stream.BeatAsync(100);

        var promoted = await stream.AssignmentAsync();

        Assert.That((promoted.Role, promoted.Term, promoted.Reason), Is.EqualTo((V1.Role.Primary, 2, V1.Reason.HigherFailoverScore)));
        Assert.That(await Caller.BeatAsync(group, "rest", 50), Is.EqualTo(V1.Role.Secondary), "It learns with its next heartbeat.");
    }

    [Test]
    public async Task Handover_StreamPrimaryToRest_WaitsForTwoHeartbeatsAndForNoDrain()
    {
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsPrimaryAsync(Caller, group, "stream");
        await stream.BeatAndReadAsync(50);
        await Caller.RegisterAsync(group, "rest");

        var first = await Caller.BeatAsync(group, "rest", 100);
        var before = await stream.BeatAndReadAsync(50);
        var second = await Caller.BeatAsync(group, "rest", 100);
        var demoted = await stream.AssignmentAsync();

        Assert.That(first, Is.EqualTo(V1.Role.PendingPrimary));
        Assert.That(before.Role, Is.EqualTo(V1.Role.Primary));
        Assert.That(second, Is.EqualTo(V1.Role.Primary));
        Assert.That((demoted.Role, demoted.Term, demoted.DrainDeadline is null), Is.EqualTo((V1.Role.Secondary, 2, true)));
    }

    [Test]
    public async Task Unregister_StreamPrimary_NextRestHeartbeatIsPrimary()
    {
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsPrimaryAsync(Caller, group, "stream");
        await Caller.RegisterAsync(group, "rest");
        Assert.That(await Caller.BeatAsync(group, "rest", 50), Is.EqualTo(V1.Role.Secondary));

        await stream.LeaveAsync(unregister: true);
        await stream.EndAsync();

        Assert.That((await Caller.StatusAsync(group)).PendingPrimary, Is.EqualTo("rest"));
        Assert.That(await Caller.BeatAsync(group, "rest", 50), Is.EqualTo(V1.Role.Primary));
    }

    [Test]
    public async Task Unregister_RestPrimary_StreamIsPromotedAtOnce()
    {
        var group = CallerActions.NewId();
        await Caller.CreateGroupAsync(group);
        await Caller.RegisterAsync(group, "rest");
        await Caller.BeatAsync(group, "rest", 50);
        using var stream = await AdapterStream.JoinAsync(Caller, group, "stream");
        await stream.BeatAndReadAsync(50);

        await Caller.DeleteSessionAsync(group, "rest");
        var promoted = await stream.AssignmentAsync();

        Assert.That((promoted.Role, promoted.Term, promoted.Reason), Is.EqualTo((V1.Role.Primary, 2, V1.Reason.PrimaryUnregistered)));
    }

    [Test]
    public async Task Heartbeat_OverRestForASessionWithAStream_IsTaken()
    {
        var group = CallerActions.NewId();
        using var stream = await AdapterStream.JoinAsPrimaryAsync(Caller, group, "both");

        Assert.That(await Caller.BeatAsync(group, "both", 33), Is.EqualTo(V1.Role.Primary));
        Assert.That((await Caller.SessionAsync(group, "both")).Heartbeat.FailoverScore, Is.EqualTo(33));
    }
}
