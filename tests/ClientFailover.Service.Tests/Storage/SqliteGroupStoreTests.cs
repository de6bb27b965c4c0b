using ClientFailover.Engine;
using ClientFailover.Service.Storage;
using NUnit.Framework;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Storage;

public sealed class SqliteGroupStoreTests
{
    [Test]
    public async Task LoadAsync_NewDirectory_IsEmptyAndWritable()
    {
        await using var bench = new StoreBench();

        var groups = await bench.LoadAsync();

        Assert.Multiple(() =>
        {
            Assert.That(groups, Is.Empty);
            Assert.That(bench.Store.Health, Is.EqualTo(new StoreHealth(true, null)));
            Assert.That(bench.Store.Revision, Is.Zero);
        });
    }

    [Test]
    public async Task LoadAsync_AfterCleanStop_IsExactlyWhatWasWritten()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        GroupEvent[] events = [Created("Pump"), Registered("a", 1), Registered("b", 2), Promoted("a", 1), Promoted("b", 2)];
        await bench.WriteAsync(Key("Pump"), true, events);

        var groups = await bench.RestartAsync();

        DurableGroupAssert.AreSame(groups[Key("pump")], events.Aggregate(DurableGroup.Absent, (s, e) => s.Apply(e)));
        Assert.That(bench.Store.Revision, Is.EqualTo(5));
    }

    [Test]
    public async Task Append_ManyGroups_CompletesInOrderOfRevisionsWithoutGaps()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        var order = new List<long>();
        var writes = Enumerable.Range(0, 5000).Select(i => new TestWrite(
            Key($"g{i}"), true, [Created($"g{i}"), Registered("a", 1)], 0, w => order.Add(w.Done.Result.First))).ToList();

        writes.ForEach(bench.Store.Append);
        await Task.WhenAll(writes.Select(w => w.Done));

        Assert.That(order, Is.EqualTo(Enumerable.Range(0, 5000).Select(i => 1L + (2 * i))));
        Assert.That(bench.Store.Revision, Is.EqualTo(10_000));
    }

    [Test]
    public async Task Append_ManyThreads_KeepsTheOrderOfEachGroupAndLosesNothing()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        var revisions = new List<long>();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(t => Task.Run(async () =>
        {
            var key = Key($"g{t}");
            var writes = new List<TestWrite> { new(key, true, [Created($"g{t}"), Registered("a", 1)], 0, Remember) };
            writes.AddRange(Enumerable.Range(1, 500).Select(i => new TestWrite(key, false, [Promoted("a", i)], i, Remember)));
            writes.ForEach(bench.Store.Append);
            await Task.WhenAll(writes.Select(w => w.Done));
            Assert.That(writes.Select(w => w.Done.Result.First), Is.Ordered.And.Unique);
        })));

        Assert.That(revisions, Is.Ordered.And.Unique);
        Assert.That(bench.Store.Revision, Is.EqualTo(16 * 502));
        Assert.That((await bench.RestartAsync()).Values.Select(g => g.Term), Is.All.EqualTo(500));

        // Only the store's one thread completes writes.
        void Remember(TestWrite write) => revisions.Add(write.Done.Result.First);
    }

    [Test]
    public async Task Append_TenThousandSessionsInOneGroup_AllAreLoaded()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        GroupEvent[] events = [Created("g"), .. Enumerable.Range(0, 10_000).Select(i => Registered($"s{i}", i))];

        await bench.WriteAsync(Key("g"), true, events);

        Assert.That((await bench.RestartAsync())[Key("g")].Sessions.Values.Select(s => s.Order).Order(), Is.EqualTo(Enumerable.Range(0, 10_000)));
    }

    [TestCase("Straße", "STRAßE")]
    [TestCase("ÉCOLE", "école")]
    [TestCase("ΣΊΣΥΦΟΣ", "σίσυφοσ")]
    [TestCase("насос", "НАСОС")]
    [TestCase("a'\";--%_\\\t", "A'\";--%_\\\t")]
    [TestCase("nul\0inside", "NUL\0INSIDE")]
    [TestCase("😀", "😀")]
    public async Task Append_IdsInOtherCase_MeanTheSame(string first, string second)
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        GroupEvent[] events = [Created(first), Registered(first, 1), Promoted(first, 1)];
        await bench.WriteAsync(Key(first), true, events);
        var named = new SessionNamed(Noon, second, "name");

        await bench.WriteAsync(Key(second), true, named);
        var history = await bench.Store.ReadHistoryAsync(Key(second), 0, 10, CancellationToken.None);
        var groups = await bench.RestartAsync();

        Assert.That(groups.Keys.Single().Group, Is.EqualTo(first));
        Assert.That(history.TotalCount, Is.EqualTo(3));
        DurableGroupAssert.AreSame(groups[Key(second)], events.Append(named).Aggregate(DurableGroup.Absent, (s, e) => s.Apply(e)));
    }

    [Test]
    public void Keys_AllOfUnicode_AreEqualExactlyWhenOrdinalIgnoreCaseSaysSo()
    {
        for (var c = 0; c < 0x10FFFF; c = c == 0xD7FF ? 0xE000 : c + 1)
        {
            var text = char.ConvertFromUtf32(c);
            foreach (var other in new[] { text.ToUpperInvariant(), text.ToLowerInvariant() })
            {
                if (string.Equals(text, other, StringComparison.OrdinalIgnoreCase) != string.Equals(text.ToUpperInvariant(), other.ToUpperInvariant(), StringComparison.Ordinal))
                {
                    Assert.Fail($"U+{c:X}");
                }
            }
        }
    }

    [Test]
    public async Task Append_DeletedAndCreatedAgain_KeepsTheTermAndNothingElse()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        await bench.WriteAsync(Key("g"), true, Created("g"), Registered("a", 1), Promoted("a", 7));

        await bench.WriteAsync(Key("g"), true, new GroupDeleted(Noon));
        var deleted = (await bench.RestartAsync())[Key("g")];
        var history = await bench.Store.ReadHistoryAsync(Key("g"), 0, 10, CancellationToken.None);
        await bench.WriteAsync(Key("g"), true, Created("G"));
        var created = (await bench.RestartAsync())[Key("g")];

        DurableGroupAssert.AreSame(deleted, new DurableGroup { Term = 7, PrimaryTerm = 7 });
        Assert.That(history.TotalCount, Is.Zero);
        DurableGroupAssert.AreSame(created, new DurableGroup { Term = 7, PrimaryTerm = 7, Configuration = Created("G").Configuration });
    }

    [TestCase(Role.Primary)]
    [TestCase(Role.PendingPrimary)]
    public async Task Append_GivenARoleWhileItWasRemoved_IsRegisteredAnewWithoutIt(Role stale)
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        await bench.WriteAsync(Key("g"), true, Created("g"), Registered("a", 1), Registered("b", 2), Promoted("a", 1));
        await bench.WriteAsync(Key("g"), true, new SessionUnregistered(Noon, "b"));
        await bench.WriteAsync(Key("g"), false, new RoleChanged(Noon, "b", Role.Secondary, stale, 2, Reason.PrimaryTimedOut, null));

        await bench.WriteAsync(Key("g"), true, Registered("B", 3));
        var group = (await bench.RestartAsync())[Key("g")];

        Assert.That((group.Primary, group.PendingPrimary), Is.EqualTo((stale == Role.Primary ? null : "a", (string?)null)));
        Assert.That(group.Term, Is.EqualTo(2));
    }

    [Test]
    public async Task DisposeAsync_HistoryWasRead_LeavesOneFileWithEverything()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        await bench.WriteAsync(Key("g"), true, Created("g"));
        await bench.Store.ReadHistoryAsync(Key("g"), 0, 10, CancellationToken.None);

        await bench.Store.DisposeAsync();

        Assert.That(Directory.GetFiles(bench.Directory).Select(Path.GetFileName), Is.EqualTo(new[] { DatabaseFile.FileName }));
        Assert.That((await bench.RestartAsync()).Keys, Is.EqualTo(new[] { Key("g") }));
    }

    [Test]
    public async Task DisposeAsync_WritesStillQueued_AreDurable()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        var writes = Enumerable.Range(0, 1000).Select(i => bench.Append(Key($"g{i}"), true, Created($"g{i}"))).ToList();

        var groups = await bench.RestartAsync();

        Assert.That(groups, Has.Count.EqualTo(1000));
        Assert.That(writes.Select(w => w.Done.Result.Outcome), Is.All.EqualTo(StoreOutcome.Durable));
    }
}
