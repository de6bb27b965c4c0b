using System.Collections.Concurrent;
using ClientFailover.Service.Storage;
using NUnit.Framework;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Storage;

public sealed class CrashTests
{
    [Test]
    public async Task LoadAsync_KilledUnderLoad_HasEverythingThatWasCompletedAndNoTermGoesBack()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        const int Groups = 20;
        await Task.WhenAll(Enumerable.Range(0, Groups).Select(g => bench.WriteAsync(Key($"g{g}"), true, Created($"g{g}"), Registered("a", 1), Registered("b", 2))));
        var durable = new ConcurrentDictionary<int, long>();
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, Groups).Select(g => Task.Run(async () =>
        {
            for (var term = 1; !stop.IsCancellationRequested; term++)
            {
                await bench.WriteAsync(Key($"g{g}"), false, Promoted(term % 2 == 0 ? "b" : "a", term));
                durable[g] = term;
            }
        })).ToList();

        for (var kill = 0; kill < 10; kill++)
        {
            await bench.WriteAsync(Key($"k{kill}"), true, Created($"k{kill}"));
            var promised = durable.ToDictionary();
            var revision = bench.Store.Revision;

            // The database first: a checkpoint between the two copies then only repeats what the log has. The log is
            // copied under a read transaction, which keeps SQLite from starting it anew.
            await using var crashed = bench.Crash();
            var groups = await crashed.LoadAsync();

            Assert.That(groups.ContainsKey(Key($"k{kill}")));
            Assert.That(crashed.Store.Revision, Is.GreaterThanOrEqualTo(revision));
            foreach (var (g, term) in promised)
            {
                var group = groups[Key($"g{g}")];
                var history = await crashed.Store.ReadHistoryAsync(Key($"g{g}"), 0, 1, CancellationToken.None);
                var last = history.Entries[0];
                Assert.That(last.Term, Is.GreaterThanOrEqualTo(term));
                Assert.That((group.Primary, group.Term), Is.EqualTo((last.SessionId, last.Term + GroupWriter.TermBlock)));
            }
        }

        await stop.CancelAsync();
        await Task.WhenAll(load);
    }

    [Test]
    public async Task LoadAsync_KilledTwice_TermsAreReservedAnew()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        await bench.WriteAsync(Key("g"), true, Created("g"), Registered("a", 1), Promoted("a", 5));

        await using var first = bench.Crash();
        var once = (await first.LoadAsync())[Key("g")];
        await using var second = first.Crash();
        var twice = (await second.LoadAsync())[Key("g")];

        Assert.That((once.Term, twice.Term), Is.EqualTo((5 + GroupWriter.TermBlock, 5 + (2 * GroupWriter.TermBlock))));
        Assert.That((once.Primary, twice.Primary), Is.EqualTo(("a", "a")));
    }

    [Test]
    public async Task LoadAsync_KilledBeforeTheFirstPromotion_TermIsBeyondWhatCouldHaveBeenAnnounced()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        await bench.WriteAsync(Key("g"), true, Created("g"));

        await using var crashed = bench.Crash();

        Assert.That((await crashed.LoadAsync())[Key("g")].Term, Is.EqualTo(GroupWriter.TermBlock));
    }
}
