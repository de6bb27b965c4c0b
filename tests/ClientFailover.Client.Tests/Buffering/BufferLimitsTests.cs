using NUnit.Framework;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>The oldest goes when a limit is reached, and is counted.</summary>
public sealed class BufferLimitsTests
{
    private const int Dropped = 7420;

    [TestCase(1 << 20, 100)]
    [TestCase(8 << 20, 100)]
    [TestCase(8 << 20, 100_000)]
    public async Task MaxSize_MoreIsAdded_OldestIsDroppedAndTheFolderStaysBelow(int maxSize, int itemSize)
    {
        await using var rig = await BufferRig.OpenAsync(configure: o => o.MaxSize = maxSize);
        var added = 0;
        for (var round = 0; round < 30; round++)
        {
            for (var bytes = 0; bytes < maxSize / 5; bytes += itemSize + 25)
            {
                rig.Buffer.Append(rig.Item(added++, size: itemSize));
            }

            await rig.PassAsync(TimeSpan.FromMilliseconds(200));
            Assert.That(rig.SizeOnDisk, Is.LessThanOrEqualTo(maxSize), "Everything counts: log, index, lock.");
        }

        Assert.That(rig.Buffer.Dropped, Is.GreaterThan(0));
        Assert.That(rig.Buffer.Count, Is.EqualTo(added - rig.Buffer.Dropped));
        var left = await rig.TakeAllAsync();
        Assert.That(left, Is.EqualTo(Enumerable.Range(added - left.Length, left.Length)), "The newest, without a gap.");
        Assert.That(left, Has.Length.GreaterThan(maxSize / 4 / (itemSize + 25)), "The limit is made use of.");
    }

    [Test]
    public async Task MaxSize_ItemThatCanNeverFit_IsDroppedAndTheRestGoesOn()
    {
        await using var rig = await BufferRig.OpenAsync(configure: o => o.MaxSize = 1 << 20);
        rig.Append(1);
        rig.Buffer.Append(rig.Item(2, size: 1 << 20));
        await rig.PassAsync(TimeSpan.FromSeconds(1));
        rig.Append(3);
        await rig.PassAsync(TimeSpan.FromSeconds(1));

        Assert.That(rig.Buffer.Dropped, Is.GreaterThan(0));
        await rig.CrashAsync();
        Assert.That(await rig.TakeAllAsync(), Does.Contain(3).And.Not.Contain(2));
    }

    [Test]
    public async Task MaxSize_SmallerThanWhatIsThere_ShrinksTheFile()
    {
        await using var rig = await BufferRig.OpenAsync();
        for (var i = 0; i < 100_000; i++)
        {
            rig.Buffer.Append(rig.Item(i, size: 100));
        }

        await rig.PassAsync(TimeSpan.FromSeconds(1));
        Assert.That(rig.SizeOnDisk, Is.GreaterThan(10 << 20));
        rig.Options.MaxSize = 2 << 20;
        await rig.RestartAsync();
        await rig.PassAsync(TimeSpan.FromSeconds(10));

        Assert.That(rig.SizeOnDisk, Is.LessThanOrEqualTo(2 << 20));
        Assert.That((await rig.TakeAllAsync())[^1], Is.EqualTo(99_999));
    }

    [Test]
    public async Task MaxAge_OldItems_AreDroppedByTimeOfReceipt()
    {
        await using var rig = await BufferRig.OpenAsync(configure: o => o.MaxAge = TimeSpan.FromMinutes(1));
        for (var second = 0; second < 150; second++)
        {
            rig.Buffer.Append(rig.Item(second, sourceOffset: -TimeSpan.FromDays(1)));
            await rig.PassAsync(TimeSpan.FromSeconds(1));
        }

        var left = await rig.ReadAsync();
        Assert.That(left[^1], Is.EqualTo(149));
        Assert.That(left, Has.Length.InRange(60, 65), "As exact as the limit needs.");
        await rig.PassAsync(TimeSpan.FromSeconds(70));
        Assert.That((rig.Buffer.Count, rig.Buffer.Dropped), Is.EqualTo((0, 150)));
    }

    [Test]
    public async Task MaxAge_ClockIsSetForward_CountsTheTimeThatHasPassed()
    {
        await using var rig = await BufferRig.OpenAsync(configure: o => o.MaxAge = TimeSpan.FromMinutes(1));
        rig.Time.SetClock(DateTimeOffset.UnixEpoch);
        rig.Append(1);
        await rig.PassAsync(TimeSpan.FromSeconds(30));
        rig.Append(2);
        rig.Time.SetClock(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        rig.Append(3);
        await rig.PassAsync(TimeSpan.FromSeconds(25));
        Assert.That(await rig.ReadAsync(), Is.EqualTo(new[] { 1, 2, 3 }), "Nothing is older than 55 s.");

        await rig.PassAsync(TimeSpan.FromSeconds(15));
        Assert.That(await rig.ReadAsync(), Is.EqualTo(new[] { 2, 3 }));
        await rig.PassAsync(TimeSpan.FromSeconds(30));
        Assert.That((rig.Buffer.Count, rig.Buffer.Dropped), Is.EqualTo((0, 3)));
    }

    [Test]
    public async Task MaxAge_BufferOfAnEarlierRunAndClockIsSetForward_IsAsOldAsItIs()
    {
        await using var rig = await BufferRig.OpenAsync(configure: o => o.MaxAge = TimeSpan.FromMinutes(1));
        var begin = rig.Time.GetUtcNow();
        rig.Append(1);
        await rig.Buffer.FlushAsync(CancellationToken.None);
        rig.Time.SetClock(DateTimeOffset.UnixEpoch);
        await rig.RestartAsync();
        await rig.PassAsync(TimeSpan.FromSeconds(10));
        rig.Time.SetClock(begin.AddMinutes(2));
        await rig.PassAsync(TimeSpan.FromSeconds(1));

        Assert.That(rig.Buffer.Dropped, Is.EqualTo(1), "It was stamped by a clock that was right.");
    }

    [Test]
    public async Task Drop_Warning_SaysWhatAndComesOnceAMinute()
    {
        await using var rig = await BufferRig.OpenAsync(configure: o => o.MaxAge = TimeSpan.FromMinutes(1));
        for (var second = 0; second < 210; second++)
        {
            rig.Append(second);
            await rig.PassAsync(TimeSpan.FromSeconds(1));
        }

        var warnings = rig.Log.Texts(Dropped);
        Assert.That(warnings, Has.Count.EqualTo(3));
        Assert.That(warnings[0], Does.Contain("received from 2026-03-01T12:00:00.0000000Z").And.Contain("Buffer.MaxAge (00:01:00)"));
        await rig.Buffer.DisposeAsync();
        var counts = rig.Log.Texts(Dropped).Select(t => int.Parse(t.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture));
        Assert.That(counts.Sum(), Is.EqualTo(rig.Buffer.Dropped), "What is not told is told at the end.");
    }
}
