using NUnit.Framework;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>What is on the disk takes no memory but for an index.</summary>
[NonParallelizable]
public sealed class BufferMemoryTests
{
    private const int Rounds = 100;
    private const int ItemsARound = 30_000;

    [TestCase(true)]
    [TestCase(false)]
    public async Task Buffer_MillionsOfItems_MemoryStaysFlat(bool isTrimmed)
    {
        await using var rig = await BufferRig.OpenAsync();
        var payload = new byte[20];
        var streams = Enumerable.Range(0, 1000).Select(i => $"stream {i}").ToArray();
        long first = 0, last = 0;
        for (var round = 0; round < Rounds; round++)
        {
            for (var i = 0; i < ItemsARound; i++)
            {
                rig.Buffer.Append(new DataItem(streams[i % streams.Length], rig.Time.GetUtcNow(), rig.Time.GetUtcNow(), payload));
            }

            await rig.PassAsync(TimeSpan.FromSeconds(1));
            if (isTrimmed)
            {
                rig.Buffer.Trim(rig.Time.GetUtcNow().AddSeconds(-5));
            }

            last = GC.GetTotalMemory(forceFullCollection: true);
            if (round == Rounds / 10)
            {
                first = last;
            }
        }

        // An index entry of a thousand items, and what the collector does not get at once; the items would be 250 MB.
        Assert.That(last - first, Is.LessThan(4 << 20));
        Assert.That(rig.Buffer.Count, isTrimmed ? Is.LessThan(10 * ItemsARound) : Is.EqualTo((long)Rounds * ItemsARound));
        await ReplayAsync(rig, first);
    }

    private static async Task ReplayAsync(BufferRig rig, long before)
    {
        var left = rig.Buffer.Count;
        for (var batches = 0; (await rig.Buffer.ReadAsync(1000, 128 * 1024, null, CancellationToken.None)).Count is > 0 and var count; batches++)
        {
            left -= count;
            rig.Buffer.Complete();
            Assert.That(rig.Buffer.Count, Is.EqualTo(left));
            if (batches % 500 == 499)
            {
                Assert.That(GC.GetTotalMemory(forceFullCollection: true) - before, Is.LessThan(8 << 20));
            }
        }

        Assert.That(left, Is.Zero);
    }
}
