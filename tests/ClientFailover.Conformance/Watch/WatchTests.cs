using ClientFailover.Conformance.Running;
using Grpc.Core;
using NUnit.Framework;

namespace ClientFailover.Conformance.Watch;

/// <summary>The live changes of groups, over gRPC.</summary>
[NonParallelizable]
public sealed class WatchTests
{
    private static Caller Caller => SharedService.Caller;

    [Test]
    public async Task Watch_Namespace_IsASnapshotThenEveryChange()
    {
        var (old, young) = (CallerActions.NewId("old"), CallerActions.NewId("young"));
        await Caller.CreateGroupAsync(old);
        await Caller.RegisterAsync(old, "a");
        await Caller.BeatAsync(old, "a", 50);
        using var watcher = Watcher.Open(Caller, new V1.WatchEventsRequest());

        var (states, revision) = await ReadSnapshotAsync(watcher);
        await Caller.CreateGroupAsync(young);
        await Caller.RegisterAsync(young, "x");
        await Caller.BeatAsync(young, "x", 1);
        var created = await watcher.UntilAsync(e => e.GroupId == young);
        var registered = await watcher.UntilAsync(e => e.GroupId == young);
        var promoted = await watcher.UntilAsync(e => e.GroupId == young);

        var state = states.Single(s => s.Group.Id == old);
        Assert.That(state.Status.Primary, Is.EqualTo("a"));
        Assert.That(state.Term, Is.EqualTo(1));
        Assert.That(state.Sessions.Single(), Is.EqualTo(await Caller.SessionAsync(old, "a")));
        Assert.That((created.Reason, created.HasSessionId, created.HasNewRole), Is.EqualTo((V1.Reason.GroupCreated, false, false)));
        Assert.That((registered.Reason, registered.SessionId, registered.HasNewRole), Is.EqualTo((V1.Reason.SessionRegistered, "x", false)));
        Assert.That((promoted.Reason, promoted.SessionId, promoted.Term), Is.EqualTo((V1.Reason.OnlyClientInGroup, "x", 1)));
        Assert.That((promoted.OldRole, promoted.NewRole), Is.EqualTo((V1.Role.Secondary, V1.Role.Primary)));
        Assert.That(new[] { created.Revision, registered.Revision, promoted.Revision }, Is.Ordered.Ascending.And.All.GreaterThan(revision));
    }

    [Test]
    public async Task Watch_OneGroup_TellsOfNoOther()
    {
        var (wanted, other) = (CallerActions.NewId(), CallerActions.NewId());
        await Caller.CreateGroupAsync(other);
        using var watcher = Watcher.Open(Caller, new V1.WatchEventsRequest { Group = wanted.ToUpperInvariant() });

        var first = await watcher.NextAsync();
        await Caller.RegisterAsync(other, "a");
        await Caller.CreateGroupAsync(wanted);
        var second = await watcher.NextAsync();

        Assert.That(first.SnapshotComplete, Is.True, "It need not exist yet.");
        Assert.That((second.Event.GroupId, second.Event.Reason), Is.EqualTo((wanted, V1.Reason.GroupCreated)));
    }

    [Test]
    public async Task Watch_DeletedGroup_TellsOfIt()
    {
        var group = CallerActions.NewId();
        await Caller.CreateGroupAsync(group);
        using var watcher = await Watcher.StartAsync(Caller, group);

        await Caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = group });
        var deleted = await watcher.UntilAsync(V1.Reason.GroupDeleted);
        using var anew = Watcher.Open(Caller, new V1.WatchEventsRequest { Group = group });

        Assert.That(deleted.GroupId, Is.EqualTo(group));
        Assert.That((await anew.NextAsync()).SnapshotComplete, Is.True, "A group that is not in it does not exist.");
    }

    [Test]
    public async Task Watch_AfterARevision_IsResumedWithTheChangesSince()
    {
        var group = CallerActions.NewId();
        await Caller.CreateGroupAsync(group);
        using var before = Watcher.Open(Caller, new V1.WatchEventsRequest { Group = group });
        var (_, revision) = await ReadSnapshotAsync(before);
        await Caller.RegisterAsync(group, "a");
        await Caller.RegisterAsync(group, "b");
        var seen = new[] { await before.NextAsync(), await before.NextAsync() };

        using var resumed = Watcher.Open(Caller, new V1.WatchEventsRequest { Group = group, After = revision });
        var start = await resumed.NextAsync();
        var missed = new[] { await resumed.NextAsync(), await resumed.NextAsync() };
        await Caller.RegisterAsync(group, "c");

        Assert.That((start.Resumed, start.Revision), Is.EqualTo((true, revision)));
        Assert.That(missed, Is.EqualTo(seen));
        Assert.That((await resumed.NextAsync()).Event.SessionId, Is.EqualTo("c"));
        using var half = Watcher.Open(Caller, new V1.WatchEventsRequest { Group = group, After = missed[0].Revision });
        Assert.That((await half.NextAsync()).Resumed, Is.True);
        Assert.That(await half.NextAsync(), Is.EqualTo(missed[1]));
    }

    [Test]
    public async Task Watch_AfterARevisionThatNeverWas_StartsWithASnapshot()
    {
        var group = CallerActions.NewId();
        await Caller.CreateGroupAsync(group);
        using var watcher = Watcher.Open(Caller, new V1.WatchEventsRequest { Group = group, After = long.MaxValue });

        var (states, _) = await ReadSnapshotAsync(watcher);

        Assert.That(states.Single().Group.Id, Is.EqualTo(group));
    }

    [Test]
    public async Task Watch_Events_AreThoseOfTheHistory()
    {
        var group = CallerActions.NewId();
        using var watcher = await Watcher.StartAsync(Caller, group);
        await Caller.CreatePairAsync(group);
        await Caller.OverrideAsync(group, "b", V1.RoleOverride.Primary);
        while (await Caller.BeatAsync(group, "b", 50) != V1.Role.Primary)
        {
        }

        await Caller.DeleteSessionAsync(group, "b");
        var told = new List<V1.Event>();
        do
        {
            told.Add((await watcher.NextAsync()).Event);
        }
        while (told[^1].Reason != V1.Reason.PrimaryUnregistered);

        var history = await Caller.Events.ListEventsAsync(new V1.ListEventsRequest { GroupId = group, Count = 1000 });

        Assert.That(history.Events.Reverse().Take(told.Count), Is.EqualTo(told));
        Assert.That(told.Select(e => e.Revision), Is.Ordered.Ascending);
    }

    [Test]
    public void Watch_InvalidRequest_NamesEveryViolation()
    {
        using var call = Caller.Events.WatchEvents(new V1.WatchEventsRequest { Group = "a/b", After = -1 });

        var end = Refusals.Of(call.ResponseStream.MoveNext(CancellationToken.None));

        end.MustBe(StatusCode.InvalidArgument, "REQUEST_INVALID", "group", "after");
    }

    [Test]
    public void Watch_UnknownNamespace_IsDenied()
    {
        using var call = Caller.Events.WatchEvents(new V1.WatchEventsRequest { NamespaceId = "nowhere" });

        var end = Refusals.Of(call.ResponseStream.MoveNext(CancellationToken.None));

        end.MustBe(StatusCode.PermissionDenied, "NAMESPACE_DENIED");
    }

    private static async Task<(List<V1.GroupState> States, long Revision)> ReadSnapshotAsync(Watcher watcher)
    {
        var states = new List<V1.GroupState>();
        while (true)
        {
            var update = await watcher.NextAsync();
            if (update.SnapshotComplete)
            {
                return (states, update.Revision);
            }

            Assert.That(update.State, Is.Not.Null, "A snapshot is one message a group.");
            states.Add(update.State);
        }
    }
}
