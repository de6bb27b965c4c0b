using ClientFailover.Engine;
using ClientFailover.Service.Storage;
using NUnit.Framework;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Storage;

public sealed class GroupWriterTests
{
    [Test]
    public async Task Apply_RandomEvents_AreTheFoldOfTheSameEvents()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        var expected = new Dictionary<int, DurableGroup>();
        var writes = new List<TestWrite>();
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new RandomEvents(seed);
            GroupEvent[] events = [.. Enumerable.Range(0, 1 + (seed % 40)).Select(_ => random.Any())];
            expected[seed] = events.Aggregate(DurableGroup.Absent, (s, e) => s.Apply(e));
            writes.Add(bench.Append(Key($"g{seed}"), true, events));
        }

        await Task.WhenAll(writes.Select(w => w.Done));
        var groups = await bench.RestartAsync();

        foreach (var (seed, state) in expected)
        {
            if (state.Configuration is null && state.Term == 0)
            {
                Assert.That(groups.ContainsKey(Key($"g{seed}")), Is.False, $"seed {seed}");
            }
            else
            {
                DurableGroupAssert.AreSame(groups[Key($"g{seed}")], state);
            }
        }
    }

    [Test]
    public async Task Apply_RandomDeferredEvents_AreTheFoldOfTheSameEvents()
    {
        await using var bench = new StoreBench();
        await bench.LoadAsync();
        var expected = new Dictionary<int, DurableGroup>();
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new RandomEvents(seed);
            GroupEvent[] before = [Created("g"), .. Enumerable.Range(0, 20).Select(_ => random.Any())];
            expected[seed] = before.Aggregate(DurableGroup.Absent, (s, e) => s.Apply(e));
            await bench.WriteAsync(Key($"g{seed}"), true, before);
        }

        using (var other = bench.Connect())
        {
            using var locked = other.BeginTransaction();
            for (var seed = 0; seed < 300; seed++)
            {
                var random = new RandomEvents(~seed);
                GroupEvent[] during = [.. Enumerable.Range(0, 1 + (seed % 40)).Select(_ => random.Decided())];
                expected[seed] = during.Aggregate(expected[seed], (s, e) => s.Apply(e));
                Assert.That((await bench.WriteAsync(Key($"g{seed}"), false, during)).Outcome, Is.EqualTo(StoreOutcome.Deferred));
            }
        }

        var groups = await bench.RestartAsync();

        foreach (var (seed, state) in expected)
        {
            DurableGroupAssert.AreSame(groups.GetValueOrDefault(Key($"g{seed}"), DurableGroup.Absent), state.Configuration is null && state.Term == 0 ? DurableGroup.Absent : state);
        }
    }
}
