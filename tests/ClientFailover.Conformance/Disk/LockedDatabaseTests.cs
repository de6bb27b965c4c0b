using System.Diagnostics;
using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Disk;

/// <summary>
/// A write that takes long: another program holds the lock of the database, so that whatever is being written waits.
/// </summary>
public sealed class LockedDatabaseTests : OwnService
{
    // Unanswered for longer than the service may make a heartbeat wait.
    private static readonly TimeSpan LongestAnnouncement = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Heartbeat_WhileTheStateIsWritten_IsAnsweredAtOnce()
    {
        var group = CallerActions.NewId();
        await Caller.CreateGroupAsync(group);
        await Caller.RegisterAsync(group, "a");
        await Caller.RegisterAsync(group, "b");
        await Caller.BeatAsync(group, "a", 50);
        await Caller.BeatAsync(group, "b", 50);
        using var stream = await AdapterStream.JoinAsync(Caller, group, "c");
        await stream.BeatAndReadAsync(50);
        using var @lock = new DatabaseLock(Service);

        // A change of this very group is on its way to the disk, and stays there.
        var change = Caller.RegisterAsync(group, "d");
        for (var beats = 0; beats < 5; beats++)
        {
            Assert.That(await Caller.BeatAsync(group, "a", 50), Is.EqualTo(V1.Role.Primary));
            Assert.That(await Caller.BeatAsync(group, "b", 50), Is.EqualTo(V1.Role.Secondary));
            Assert.That((await stream.BeatAndReadAsync(50)).Role, Is.EqualTo(V1.Role.Secondary));
        }

        Assert.That(change.IsCompleted, Is.False, "A success answer comes only after the commit.");
        @lock.Dispose();
        await change;
        Assert.That((await Caller.SessionAsync(group, "d")).Id, Is.EqualTo("d"));
    }

    [Test]
    public async Task Promotion_WhileTheDatabaseIsLocked_IsAnnouncedAfterASecondAtMost()
    {
        var group = CallerActions.NewId();
        await Caller.CreateGroupAsync(group);
        await Caller.RegisterAsync(group, "a");
        Assert.That(await Caller.BeatAsync(group, "a", 50), Is.EqualTo(V1.Role.Primary));
        using var stream = await AdapterStream.JoinAsync(Caller, group, "b");
        using var @lock = new DatabaseLock(Service);
        var clock = Stopwatch.StartNew();

        // REST Primary, candidate on a stream: promoted at once, and announced when it is stored, or after a second.
        await stream.BeatAsync(100);
        var promoted = await stream.RoleAsync(V1.Role.Primary);
        var waited = clock.Elapsed;
        var old = await Caller.BeatAsync(group, "a", 50);

        Assert.That(promoted.Term, Is.EqualTo(2));
        Assert.That(waited, Is.GreaterThanOrEqualTo(LongestAnnouncement * 0.9), "The disk is waited for.");
        Assert.That(old, Is.EqualTo(V1.Role.Secondary));
        @lock.Dispose();
        await StoreTrouble.UntilOverAsync(() => Caller.RegisterAsync(group, "c"));
        var history = await Caller.Events.ListEventsAsync(new V1.ListEventsRequest { GroupId = group });
        Assert.That(history.Events, Has.One.Matches<V1.Event>(e => e is { SessionId: "b", NewRole: V1.Role.Primary, Term: 2 }), "It is written later.");
    }

    [Test]
    public async Task Change_WhileTheDatabaseStaysLocked_IsRefusedAndChangesNothing()
    {
        var group = CallerActions.NewId();
        using (new DatabaseLock(Service))
        {
            var refused = Refusals.Of(Caller.CreateGroupAsync(group));

            refused.MustBe(StatusCode.Unavailable, "STORE_UNAVAILABLE");
            Assert.That(refused.GetRpcStatus()!.GetDetail<Google.Rpc.RetryInfo>()!.RetryDelay.ToTimeSpan(), Is.GreaterThan(TimeSpan.Zero));
        }

        Assert.That(Refusals.Of(Caller.StatusAsync(group)).StatusCode, Is.EqualTo(StatusCode.NotFound));
        await StoreTrouble.UntilOverAsync(() => Caller.CreateGroupAsync(group));
    }
}
