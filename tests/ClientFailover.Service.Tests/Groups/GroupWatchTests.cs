using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Identity;
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
