using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Storage;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Groups;

public sealed class GroupWatchTests
{
    [Test]
    public async Task WatchAsync_New_GivesSnapshotThenChanges()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        await using var watch = Watch(bench, null, null);

        Assert.That((await watch.NextAsync()).State!.Configuration.Id, Is.EqualTo("G"));
        Assert.That((await watch.NextAsync()).Kind, Is.EqualTo(WatchUpdateKind.SnapshotComplete));
        await OwnerBench.BeatAsync(owner, "A");

        var change = await watch.NextAsync();
        Assert.That((change.GroupId, change.Change!.Reason, change.Change.NewRole, change.Revision), Is.EqualTo(("G", Reason.OnlyClientInGroup, (Role?)Role.Primary, 3L)));
    }

    [Test]
    public async Task WatchAsync_AfterRememberedRevision_GivesWhatWasMissed()
    {
        using var bench = new OwnerBench();
        await bench.GroupAsync("G", "A", "B");
        await using var watch = Watch(bench, null, after: 2);

        Assert.That((await watch.NextAsync()) is { Kind: WatchUpdateKind.Resumed, Revision: 2 }, Is.True);
        var missed = await watch.NextAsync();
        Assert.That((missed.Revision, missed.Change!.SessionId), Is.EqualTo((3L, "B")));
    }

    [TestCase(4L, Description = "Of a service that has gone further, before its data was restored")]
    [TestCase(9L)]
    public async Task WatchAsync_AfterUnknownRevision_GivesSnapshot(long after)
    {
        using var bench = new OwnerBench();
        await bench.GroupAsync("G", "A", "B");
        await using var watch = Watch(bench, null, after);

        Assert.That((await watch.NextAsync()).Kind, Is.EqualTo(WatchUpdateKind.State));
    }

    [Test]
    public async Task WatchAsync_AfterRevisionOfEarlierProcess_GivesSnapshot()
    {
        using var bench = new OwnerBench();
        bench.Watch.StartAt(100);
        await using var watch = Watch(bench, null, 99);

        Assert.That((await watch.NextAsync()) is { Kind: WatchUpdateKind.SnapshotComplete, Revision: 100 }, Is.True);
    }

    [Test]
    public async Task WatchAsync_OneGroup_LeavesOthersOut()
    {
        using var bench = new OwnerBench();
        await bench.GroupAsync("Other", "A");
        await using var watch = Watch(bench, "g", null);
        Assert.That((await watch.NextAsync()).Kind, Is.EqualTo(WatchUpdateKind.SnapshotComplete));

        await bench.GroupAsync("Other2");
        await bench.GroupAsync("G");

        Assert.That((await watch.NextAsync()).GroupId, Is.EqualTo("G"));
    }

    [Test]
    public void Publish_GroupOfAnotherNamespace_IsNotOffered()
    {
        var hub = new WatchHub();
        var (mine, other) = (new WatchSubscription("a", "n", null), new WatchSubscription("B", "N", null));
        hub.Subscribe(mine, null, out _);
        hub.Subscribe(other, null, out _);

        Publish(hub, new GroupKey("b", "n", "G"), 1);

        Assert.That((mine.Changes.Count, other.Changes.Count), Is.EqualTo((0, 1)));
        Assert.That(mine.Wants(new GroupKey("b", "n", "G")), Is.True, "It is the hub that offers nothing of others.");
    }

    [Test]
    public void Subscribe_AfterChangesOfSeveralNamespaces_MissedItsOwnInTheirOrder()
    {
        var hub = new WatchHub();
        for (var revision = 1; revision <= 9; revision++)
        {
            Publish(hub, new GroupKey(revision % 2 == 0 ? "a" : "b", "n", $"G{revision % 4}"), revision);
        }

        hub.Subscribe(new WatchSubscription("A", "N", null), 2, out var all);
        hub.Subscribe(new WatchSubscription("a", "n", "g2"), 2, out var one);
        hub.Subscribe(new WatchSubscription("c", "n", null), 2, out var none);

        Assert.That(all!.Select(c => c.Entry.Revision), Is.EqualTo(new[] { 4, 6, 8 }));
        Assert.That(one!.Select(c => c.Entry.Revision), Is.EqualTo(new[] { 6 }));
        Assert.That(none, Is.Empty);
    }

    [Test]
    public void BeginAnew_NamespaceRemoved_TellsNothingOfItAndOthersAllOfTheirs()
    {
        var hub = new WatchHub();
        Publish(hub, new GroupKey("a", "n", "G"), 1);
        Publish(hub, new GroupKey("b", "n", "G"), 2);
        Publish(hub, new GroupKey("a", "n", "G"), 3);

        hub.BeginAnew(new GroupKey("A", "N", ""));
        Publish(hub, new GroupKey("a", "n", "H"), 4);
        hub.Subscribe(new WatchSubscription("a", "n", null), 1, out var before);
        hub.Subscribe(new WatchSubscription("a", "n", null), 3, out var since);
        hub.Subscribe(new WatchSubscription("b", "n", null), 1, out var other);

        Assert.That(before, Is.Null, "It starts over.");
        Assert.That(since!.Select(c => c.Group.Group), Is.EqualTo(new[] { "H" }));
        Assert.That(other!.Select(c => c.Entry.Revision), Is.EqualTo(new[] { 2 }));
    }

    [Test]
    public void Publish_MoreThanIsRemembered_ForgetsTheOldestOfAll()
    {
        var hub = new WatchHub();
        Publish(hub, new GroupKey("a", "n", "G"), 1);
        for (var revision = 2; revision <= 16_385; revision++)
        {
            Publish(hub, new GroupKey("b", "n", "G"), revision);
        }

        hub.Subscribe(new WatchSubscription("a", "n", null), 0, out var tooOld);
        hub.Subscribe(new WatchSubscription("b", "n", null), 1, out var whole);

        Assert.That((tooOld, whole!.Count), Is.EqualTo(((IReadOnlyList<GroupChange>?)null, 16_384)));
    }

    [Test]
    public async Task WatchAsync_ReaderTooSlow_GetsNewSnapshotAndHoldsNobodyUp()
    {
        using var bench = new OwnerBench();
        var owner = await bench.GroupAsync("G", "A");
        await using var watch = Watch(bench, null, null);
        await watch.NextAsync();
        await watch.NextAsync();

        for (var i = 0; i < 2_000; i++)
        {
            await owner.ChangeAsync(new SetRoleOverride("A", i % 2 == 0 ? RoleOverride.Secondary : RoleOverride.Off, null), default);
        }

        var snapshot = await watch.NextAsync();
        Assert.That(snapshot.Kind, Is.EqualTo(WatchUpdateKind.State));
        Assert.That(snapshot.State!.Sessions.Single().Override, Is.EqualTo(RoleOverride.Off));
        var complete = await watch.NextAsync();
        Assert.That((complete.Kind, complete.Revision), Is.EqualTo((WatchUpdateKind.SnapshotComplete, bench.Store.Revision)));
    }

    private static void Publish(WatchHub hub, GroupKey group, long revision) => hub.Publish(
        group, AccessList.Default, HistoryMapping.Map([new GroupDeleted(DateTime.UnixEpoch)], revision, 0), revision);

    private static Watching Watch(OwnerBench bench, string? group, long? after, Caller? caller = null) =>
        new(new GroupWatch(bench.Directory, bench.Watch, bench.Access, bench.Tenants).WatchAsync(OwnerBench.Tenant, OwnerBench.Tenant, group, after, caller ?? TestCallers.Administrator, default));

    private sealed class Watching(IAsyncEnumerable<WatchUpdate> updates) : IAsyncDisposable
    {
        private readonly IAsyncEnumerator<WatchUpdate> _updates = updates.GetAsyncEnumerator();

        public async Task<WatchUpdate> NextAsync()
        {
            Assert.That(await _updates.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(60)), Is.True);
            return _updates.Current;
        }

        public ValueTask DisposeAsync() => _updates.DisposeAsync();
    }
}
