using ClientFailover.Engine;
using ClientFailover.Service.Storage;
using NUnit.Framework;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Storage;

public sealed class HistoryTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public void Map_EachEvent_HasItsReasonAndRevision()
    {
        GroupEvent[] events =
        [
            Created("g"),
            Registered("a", 1),
            new SessionNamed(Noon, "a", "name"),
            new RoleChanged(Noon, "a", Role.Secondary, Role.Primary, 3, Reason.PrimaryTimedOut, Noon, Second, 2 * Second),
            new LastDataProcessedTimeRecorded(Noon, Noon),
            new SessionLost(Noon, "a", Reason.SessionConnectionLost, Second),
            new SessionReturned(Noon, "a"),
            new RoleOverrideChanged(Noon, "a", RoleOverride.Secondary, null),
            new RoleOverrideChanged(Noon, "a", RoleOverride.Off, null),
            new SessionUnregistered(Noon, "a"),
            new GroupDeleted(Noon),
        ];

        var entries = HistoryMapping.Map(events, 10, 4);

        Assert.That(entries, Is.EqualTo(new HistoryEntry[]
        {
            new(10, 4, Noon, null, null, null, Reason.GroupCreated, null, null),
            new(11, 4, Noon, "a", null, null, Reason.SessionRegistered, null, null),
            new(13, 3, Noon, "a", Role.Secondary, Role.Primary, Reason.PrimaryTimedOut, Second, 2 * Second),
            new(15, 4, Noon, "a", null, null, Reason.SessionConnectionLost, Second, null),
            new(16, 4, Noon, "a", null, null, Reason.SessionReturned, null, null),
            new(17, 4, Noon, "a", null, null, Reason.RoleOverride, null, null),
            new(18, 4, Noon, "a", null, null, Reason.RoleOverrideEnded, null, null),
            new(19, 4, Noon, "a", null, null, Reason.SessionUnregistered, null, null),
            new(20, 4, Noon, null, null, null, Reason.GroupDeleted, null, null),
        }));
    }

    [Test]
    public async Task ReadHistoryAsync_AllKindsOfEntry_AreReadAsTheyWereMapped()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        GroupEvent[] events =
        [
            Created("g"), Registered("a", 1), Promoted("a", 1), new SessionLost(Noon, "a", Reason.SessionTimedOut, Second), new SessionReturned(Noon, "a"),
        ];

        await bench.WriteAsync(Key("g"), true, events);
        var page = await bench.Store.ReadHistoryAsync(Key("g"), 0, 10, CancellationToken.None);

        Assert.That(page.Entries, Is.EqualTo(HistoryMapping.Map(events, 1, 1).Reverse()));
        Assert.That(page.Entries.Select(e => e.Time.Kind), Is.All.EqualTo(DateTimeKind.Utc));
    }

    [TestCase(0, 10, 10, 20)]
    [TestCase(5, 3, 5 - 5 + 3, 15)]
    [TestCase(18, 10, 2, 2)]
    [TestCase(20, 10, 0, 0)]
    [TestCase(int.MaxValue, int.MaxValue, 0, 0)]
    [TestCase(0, 0, 0, 0)]
    [TestCase(0, int.MaxValue, 20, 20)]
    public async Task ReadHistoryAsync_Page_IsNewestFirstWithTheTotal(int skip, int count, int expected, long firstTerm)
    {
        await using var bench = await WithPromotionsAsync(new StoreOptions { HistoryPerGroup = 20 }, 20);

        var page = await bench.Store.ReadHistoryAsync(Key("g"), skip, count, CancellationToken.None);

        Assert.That(page.TotalCount, Is.EqualTo(20));
        Assert.That(page.Entries.Select(e => e.Term), Is.EqualTo(Enumerable.Range(0, expected).Select(i => firstTerm - i)));
    }

    [Test]
    public async Task ReadHistoryAsync_UnknownGroup_IsEmpty()
    {
        await using var bench = await WithPromotionsAsync(new StoreOptions(), 1);

        var page = await bench.Store.ReadHistoryAsync(Key("other"), 0, 10, CancellationToken.None);

        Assert.That((page.Entries.Count, page.TotalCount), Is.EqualTo((0, 0)));
    }

    [Test]
    public async Task Append_MoreThanIsKept_TrimsTheOldestOfThatGroupOnly()
    {
        await using var bench = await WithPromotionsAsync(new StoreOptions { HistoryPerGroup = 5 }, 100);
        await bench.WriteAsync(Key("quiet"), true, Created("quiet"));

        var busy = await bench.Store.ReadHistoryAsync(Key("g"), 0, 100, CancellationToken.None);
        var quiet = await bench.Store.ReadHistoryAsync(Key("quiet"), 0, 100, CancellationToken.None);

        Assert.That(busy.Entries.Select(e => e.Term), Is.EqualTo(new[] { 100, 99, 98, 97, 96 }));
        Assert.That((busy.TotalCount, quiet.TotalCount), Is.EqualTo((5, 1)));
    }

    [Test]
    public async Task Append_DecidedWhileTheGroupWasDeleted_IsNotHistoryOfTheNextOfThatName()
    {
        await using var bench = await WithPromotionsAsync(new StoreOptions(), 3);
        await bench.WriteAsync(Key("g"), true, new GroupDeleted(Noon));
        await bench.WriteAsync(Key("g"), false, new SessionLost(Noon, "a", Reason.SessionTimedOut, Second), Promoted("a", 4));

        await bench.WriteAsync(Key("g"), true, Created("g"));
        var page = await bench.Store.ReadHistoryAsync(Key("g"), 0, 100, CancellationToken.None);

        Assert.That(page.Entries.Select(e => e.Reason), Is.EqualTo(new[] { Reason.GroupCreated }));
        Assert.That(page.TotalCount, Is.EqualTo(1));
    }

    [Test]
    public async Task Append_FewerAreKeptThanBefore_TrimsToTheNewNumber()
    {
        await using var bench = await WithPromotionsAsync(new StoreOptions { HistoryPerGroup = 50 }, 50);
        bench.Options.HistoryPerGroup = 3;
        await bench.RestartAsync();

        await bench.WriteAsync(Key("g"), false, Promoted("a", 51));
        var page = await bench.Store.ReadHistoryAsync(Key("g"), 0, 100, CancellationToken.None);

        Assert.That(page.Entries.Select(e => e.Term), Is.EqualTo(new[] { 51, 50, 49 }));
    }

    private static async Task<StoreBench> WithPromotionsAsync(StoreOptions options, int terms)
    {
        options.DataDirectory = NewDirectory();
        var bench = new StoreBench(options);
        await bench.LoadAsync();
        await bench.WriteAsync(Key("g"), true, Created("g"), Registered("a", 1));
        await Task.WhenAll(Enumerable.Range(1, terms).Select(term => bench.Append(Key("g"), false, Promoted("a", term)).Done));
        return bench;
    }
}
