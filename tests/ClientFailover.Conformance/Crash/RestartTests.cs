using ClientFailover.Conformance.Running;
using ClientFailover.Conformance.Streams;
using NUnit.Framework;

namespace ClientFailover.Conformance.Crash;

/// <summary>What a restart leaves as it was, after a kill and after a stop in order.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class RestartTests
{
    [TestCase(true)]
    [TestCase(false)]
    public async Task Restart_InTheMiddleOfAHandover_GoesOnWithIt(bool kill)
    {
        using var folder = DataFolder.Create();
        var group = CallerActions.NewId();
        V1.GroupState before;
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            await caller.CreatePairAsync(group);
            await caller.OverrideAsync(group, "b", V1.RoleOverride.Primary);
            using (var watcher = Watcher.Open(caller, new V1.WatchEventsRequest { Group = group, After = 0 }))
            {
                await watcher.UntilAsync(e => e is { HasNewRole: true, NewRole: V1.Role.PendingPrimary });
            }

            before = await StateAsync(caller, group);
            await EndAsync(service, kill);
        }

        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            var after = await StateAsync(caller, group);
            var first = await caller.BeatAsync(group, "b", 50);
            var second = await caller.BeatAsync(group, "b", 50);

            Assert.That((before.Status.Primary, before.Status.PendingPrimary), Is.EqualTo(("a", "b")));
            Assert.That(after.Status, Is.EqualTo(before.Status));
            Assert.That(after.Group, Is.EqualTo(before.Group));
            Assert.That(after.Term, Is.GreaterThanOrEqualTo(before.Term));
            Assert.That(after.Sessions.Select(s => (s.Id, s.Role, s.RoleOverride)), Is.EqualTo(before.Sessions.Select(s => (s.Id, s.Role, s.RoleOverride))));
            Assert.That(after.Sessions.Select(s => s.HeartbeatPosted), Has.All.False);
            Assert.That((first, second), Is.EqualTo((V1.Role.PendingPrimary, V1.Role.Primary)), "It confirms anew.");
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Restart_AdaptersComeBack_KeepTheirRolesAndTerms(bool kill)
    {
        using var folder = DataFolder.Create();
        var group = CallerActions.NewId();
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            using var pair = await StreamPair.JoinAsync(caller);
            group = pair.Group;
            await EndAsync(service, kill);
        }

        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            using var b = await AdapterStream.JoinAsync(caller, group, "b", hello => hello.LastKnownTerm = 1);
            var beforeA = await b.BeatAndReadAsync(100);
            using var a = await AdapterStream.JoinAsync(caller, group, "a", hello => hello.LastKnownTerm = 1);
            await a.BeatAndReadAsync(50);
            await caller.OverrideAsync(group, "b", V1.RoleOverride.Primary);
            await b.BeatAsync(100);
            await a.AcknowledgeAsync((await a.DrainOrderAsync()).Term);

            Assert.That(beforeA.Role, Is.EqualTo(V1.Role.Secondary), "The Primary on record is presumed live.");
            Assert.That(a.Welcome.Role, Is.EqualTo(V1.Role.Primary));
            Assert.That((await b.RoleAsync(V1.Role.Primary)).Term, Is.GreaterThan(1));
        }
    }

    [Test]
    public async Task Restart_PrimaryDoesNotComeBack_AnotherTakesOver()
    {
        using var folder = DataFolder.Create();
        var group = CallerActions.NewId();
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            await caller.CreateGroupAsync(group, TimeSpan.FromSeconds(1));
            await caller.RegisterAsync(group, "a");
            await caller.BeatAsync(group, "a", 50);
            await service.KillAsync();
        }

        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            using var b = await AdapterStream.JoinAsync(caller, group, "b");
            while ((await b.BeatAndReadAsync(50)).Role != V1.Role.Primary)
            {
            }

            Assert.That((await b.RoleAsync(V1.Role.Primary)).Reason, Is.EqualTo(V1.Reason.PrimaryTimedOut));
        }
    }

    [Test]
    public async Task Restart_Watchers_StartWithASnapshot()
    {
        using var folder = DataFolder.Create();
        var group = CallerActions.NewId();
        long revision;
        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            await caller.CreateGroupAsync(group);
            using var watcher = Watcher.Open(caller, new V1.WatchEventsRequest { Group = group, After = 0 });
            Assert.That((await watcher.NextAsync()).Resumed, Is.True);
            revision = (await watcher.NextAsync()).Revision;
            await caller.RegisterAsync(group, "a");
            await watcher.NextAsync();
            await service.KillAsync();
        }

        await using (var service = await RunningService.StartAsync(folder.Path, RunningService.Quick))
        {
            using var caller = new Caller(service);
            using var watcher = Watcher.Open(caller, new V1.WatchEventsRequest { Group = group, After = revision });
            var state = await watcher.NextAsync();
            var complete = await watcher.NextAsync();

            Assert.That(state.State?.Sessions.Single().Id, Is.EqualTo("a"), "What it missed is not remembered any more.");
            Assert.That(complete.SnapshotComplete, Is.True);
            Assert.That(complete.Revision, Is.GreaterThan(revision));
        }
    }

    private static async Task EndAsync(RunningService service, bool kill)
    {
        if (kill)
        {
            await service.KillAsync();
        }
        else
        {
            Assert.That(await service.StopAsync(), Is.Zero);
        }
    }

    private static async Task<V1.GroupState> StateAsync(Caller caller, string group)
    {
        using var watcher = Watcher.Open(caller, new V1.WatchEventsRequest { Group = group });
        return (await watcher.NextAsync()).State;
    }
}
