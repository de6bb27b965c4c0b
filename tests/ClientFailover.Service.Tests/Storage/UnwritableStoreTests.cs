using ClientFailover.Engine;
using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Storage;

public sealed class UnwritableStoreTests
{
    private const int UnwritableEvent = 2010;
    private const int WritableEvent = 2011;
    private const int ChangesRefusedEvent = 2012;
    private const int ChangesTakenEvent = 2019;

    [Test]
    public async Task Append_FullDisk_RefusesChangesDefersRolesAndRecovers()
    {
        await using var bench = await FullAsync(pages: 200);
        var refused = await FillAsync(bench);
        var reason = bench.Store.Health.Reason;

        var change = await bench.WriteAsync(Key("g"), true, Registered("c", 3));
        var first = await bench.WriteAsync(Key("g"), false, Promoted("b", 2));
        var second = await bench.WriteAsync(Key("g"), false, Promoted("a", 3));
        var whileFull = await bench.Store.ReadHistoryAsync(Key("g"), 0, 10, CancellationToken.None);
        bench.Options.WriterOpened = null;
        bench.Time.Advance(bench.Options.RetryInterval);
        var later = await bench.WriteAsync(Key("g"), true, Registered("d", 4));
        var history = await bench.Store.ReadHistoryAsync(Key("g"), 0, 10, CancellationToken.None);
        var groups = await bench.RestartAsync();

        Assert.Multiple(() =>
        {
            Assert.That(reason, Is.EqualTo("the disk is full"));
            Assert.That(change, Is.EqualTo((StoreOutcome.Refused, 0L)));
            Assert.That(first.Outcome, Is.EqualTo(StoreOutcome.Deferred));
            Assert.That(second, Is.EqualTo((StoreOutcome.Deferred, first.First + 1)));
            Assert.That(later, Is.EqualTo((StoreOutcome.Durable, first.First + 2)));
            Assert.That(whileFull.TotalCount, Is.EqualTo(4));
            Assert.That(history.Entries.Take(3).Select(e => e.Revision), Is.EqualTo(new[] { first.First + 2, first.First + 1, first.First }));
            Assert.That(groups.ContainsKey(Key(refused)), Is.False);
            Assert.That(groups[Key("g")].Sessions.Keys, Is.EquivalentTo(new[] { "a", "b", "d" }));
            Assert.That((groups[Key("g")].Primary, groups[Key("g")].Term), Is.EqualTo(("a", 3)));
            Assert.That(bench.Log.Count(UnwritableEvent), Is.EqualTo(1));
            Assert.That(bench.Log.Count(WritableEvent), Is.EqualTo(1));
        });
    }

    [Test]
    public async Task Retry_DiskStillFull_RefusesOnAndLogsNothingMore()
    {
        await using var bench = await FullAsync(pages: 200);
        await FillAsync(bench);

        for (var i = 0; i < 3; i++)
        {
            bench.Time.Advance(bench.Options.RetryInterval);
            Assert.That((await bench.WriteAsync(Key("g"), true, Registered("c", 3))).Outcome, Is.EqualTo(StoreOutcome.Refused));
        }

        Assert.That((bench.Log.Count(UnwritableEvent), bench.Log.Count(WritableEvent)), Is.EqualTo((1, 0)));
    }

    [Test]
    public async Task Append_OneChangeFindsNoRoom_RolesOfTheSameCommitAreDurable()
    {
        await using var bench = await FullAsync(pages: 200);
        using var hold = new ManualResetEventSlim();
        bench.Store.Append(new TestWrite(Key("g"), false, [new SessionReturned(Noon, "a")], 0, _ => hold.Wait()));
        var large = bench.Append(Key("large"), true, new GroupCreated(Noon, new GroupConfiguration("large", null, null, TimeSpan.FromSeconds(1), new string('x', 2_000_000))));
        var role = bench.Append(Key("g"), false, Promoted("b", 2));

        hold.Set();
        var outcomes = (await large.Done, await role.Done);

        Assert.That(outcomes, Is.EqualTo(((StoreOutcome.Refused, 0L), (StoreOutcome.Durable, 6L))));
        Assert.That(bench.Store.Health, Is.EqualTo(new StoreHealth(true, "the disk is full")));
        Assert.That((bench.Log.Count(ChangesRefusedEvent), bench.Log.Count(UnwritableEvent)), Is.EqualTo((1, 0)));

        await bench.WriteAsync(Key("g"), true, Registered("c", 3));
        Assert.That(bench.Store.Health, Is.EqualTo(StoreHealth.Good), "A change was written.");
        Assert.That(bench.Log.Count(ChangesTakenEvent), Is.EqualTo(1));
        Assert.That((await bench.RestartAsync()).Keys, Is.EqualTo(new[] { Key("g") }));
    }

    [Test]
    public async Task Health_NoRoomForChangesButForRoles_SaysSoUntilThereIs()
    {
        // Twenty pages more than it has: roles go on for long, and a trial of 256 KiB finds no room.
        SqliteConnection? writer = null;
        await using var bench = await WithGroupAsync(new StoreOptions
        {
            WriterOpened = connection => Limit(writer = connection, (int)connection.Scalar("PRAGMA page_count") + 20),
        });
        using var hold = new ManualResetEventSlim();
        bench.Store.Append(new TestWrite(Key("g"), false, [new SessionReturned(Noon, "a")], 0, _ => hold.Wait()));
        var change = bench.Append(Key("large"), true, new GroupCreated(Noon, new GroupConfiguration("large", null, null, TimeSpan.FromSeconds(1), new string('x', 200_000))));
        var role = bench.Append(Key("g"), false, Promoted("b", 2));
        hold.Set();
        Assert.That(((await change.Done).Outcome, (await role.Done).Outcome), Is.EqualTo((StoreOutcome.Refused, StoreOutcome.Durable)));

        for (var term = 3; term < 6; term++)
        {
            bench.Time.Advance(bench.Options.RetryInterval);
            Assert.That((await bench.WriteAsync(Key("g"), false, Promoted("a", term))).Outcome, Is.EqualTo(StoreOutcome.Durable));
            Assert.That(bench.Store.Health, Is.EqualTo(new StoreHealth(true, "the disk is full")), "That roles are written says nothing of changes.");
        }

        Limit(writer!, 10_000);
        bench.Time.Advance(bench.Options.RetryInterval);

        Assert.That(() => bench.Store.Health, Is.EqualTo(StoreHealth.Good).After(60_000, 1));
        Assert.That(
            new[] { ChangesRefusedEvent, ChangesTakenEvent, UnwritableEvent, WritableEvent }.Select(bench.Log.Count), Is.EqualTo(new[] { 1, 1, 0, 0 }));
    }

    [Test]
    public async Task Append_LockedByAnotherProgram_DefersUntilItIsReleased()
    {
        await using var bench = await WithGroupAsync();
        TestWrite role;
        using (var other = bench.Connect())
        {
            using var locked = other.BeginTransaction();
            role = bench.Append(Key("g"), false, Promoted("b", 2));
            Assert.That((await role.Done).Outcome, Is.EqualTo(StoreOutcome.Deferred));
            Assert.That(bench.Store.Health, Is.EqualTo(new StoreHealth(false, "another program has locked the database")));
        }

        bench.Time.Advance(bench.Options.RetryInterval);
        await bench.WriteAsync(Key("g"), false, Promoted("a", 3));

        Assert.That(bench.Store.Health.Writable, Is.True);
        Assert.That((await bench.RestartAsync())[Key("g")].Primary, Is.EqualTo("a"));
    }

    [Test]
    public async Task LoadAsync_KilledWhileUnwritable_TermsAndRevisionsGoOnBeyondTheAnnounced()
    {
        await using var bench = await WithGroupAsync();
        using var other = bench.Connect();
        using var locked = other.BeginTransaction();
        long last = 0;
        for (var term = 2; term < 900; term++)
        {
            last = (await bench.WriteAsync(Key("g"), false, Promoted("b", term))).First;
        }

        await using var crashed = bench.Crash();
        var group = (await crashed.LoadAsync())[Key("g")];

        Assert.That(group.Primary, Is.EqualTo("a"));
        Assert.That(group.Term, Is.GreaterThanOrEqualTo(899));
        Assert.That(crashed.Store.Revision, Is.GreaterThanOrEqualTo(last));
    }

    [Test]
    public async Task DisposeAsync_StillUnwritable_NextStartIsAfterACrash()
    {
        await using var bench = await WithGroupAsync();
        using (var other = bench.Connect())
        {
            using var locked = other.BeginTransaction();
            await bench.WriteAsync(Key("g"), false, Promoted("b", 2));
            await bench.Store.DisposeAsync();
        }

        var group = (await bench.RestartAsync())[Key("g")];

        Assert.That((group.Primary, group.Term), Is.EqualTo(("a", 1 + GroupWriter.TermBlock)));
    }

    [Test]
    public async Task Append_MoreDeferredHistoryThanIsKept_KeepsTheNewestAndAllState()
    {
        await using var bench = await WithGroupAsync(new StoreOptions { DeferredHistory = 10 });
        using (var other = bench.Connect())
        {
            using var locked = other.BeginTransaction();
            for (var term = 2; term <= 50; term++)
            {
                await bench.WriteAsync(Key("g"), false, Promoted(term % 2 == 0 ? "b" : "a", term));
            }
        }

        var group = (await bench.RestartAsync())[Key("g")];
        var history = await bench.Store.ReadHistoryAsync(Key("g"), 0, 100, CancellationToken.None);

        Assert.That((group.Primary, group.Term), Is.EqualTo(("b", 50)));
        Assert.That(history.Entries.Take(11).Select(e => e.Term), Is.EqualTo(new[] { 50, 49, 48, 47, 46, 45, 44, 43, 42, 41, 1 }));
    }

    private static async Task<StoreBench> WithGroupAsync(StoreOptions? options = null)
    {
        options ??= new StoreOptions();
        options.DataDirectory = NewDirectory();
        var bench = new StoreBench(options);
        await bench.LoadAsync();
        await bench.WriteAsync(Key("g"), true, Created("g"), Registered("a", 1), Registered("b", 2), Promoted("a", 1));
        return bench;
    }

    private static Task<StoreBench> FullAsync(int pages) => WithGroupAsync(new StoreOptions
    {
        WriterOpened = connection => Limit(connection, pages),
    });

    private static void Limit(SqliteConnection connection, int pages)
    {
        using var limit = new SqliteCommand($"PRAGMA max_page_count = {pages}", connection);
        limit.ExecuteNonQuery();
    }

    private static async Task<string> FillAsync(StoreBench bench)
    {
        for (var i = 0; ; i++)
        {
            var id = $"filler {i}";
            var group = new GroupConfiguration(id, null, null, TimeSpan.FromSeconds(1), new string('x', 50_000));
            var (outcome, _) = await bench.WriteAsync(Key(id), true, new GroupCreated(Noon, group));
            if (outcome == StoreOutcome.Refused)
            {
                return id;
            }
        }
    }
}
