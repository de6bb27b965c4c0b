using NUnit.Framework;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>What the queue promises while nothing goes wrong.</summary>
public sealed class HotBufferTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Test]
    public async Task Bytes_SomeAreSentAndItIsRestarted_AreThoseThatAreLeft()
    {
        await using var rig = await BufferRig.OpenAsync();
        Assert.That(rig.Buffer.Bytes, Is.Zero);
        for (var i = 0; i < 1000; i++)
        {
            rig.Buffer.Append(rig.Item(i, size: 1000));
        }

        Assert.That(rig.Buffer.Bytes, Is.InRange(1_000_000, 1_050_000));
        await rig.ReadAsync(500);
        rig.Buffer.Complete();
        Assert.That(rig.Buffer.Bytes, Is.InRange(500_000, 525_000));
        await rig.RestartAsync();
        Assert.That(rig.Buffer.Count, Is.EqualTo(500));
        Assert.That(rig.Buffer.Bytes, Is.InRange(1, 525_000), "what the disk needs for them");
        await rig.TakeAllAsync();
        Assert.That(rig.Buffer.Bytes, Is.Zero);
    }

    [Test]
    public async Task Read_Items_ComeInOrderAndStayUntilCompleted()
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Append(Enumerable.Range(0, 3000));

        Assert.That(await rig.ReadAsync(10), Is.EqualTo(Enumerable.Range(0, 10)));
        Assert.That(await rig.ReadAsync(20), Is.EqualTo(Enumerable.Range(0, 20)), "Not completed: again.");
        rig.Buffer.Complete();
        rig.Buffer.Complete();
        Assert.That(rig.Buffer.Count, Is.EqualTo(2980));
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(Enumerable.Range(20, 2980)));
        Assert.That((rig.Buffer.Count, rig.Buffer.Earliest), Is.EqualTo((0L, (DateTimeOffset?)null)));
    }

    [Test]
    public async Task Read_LimitOfBytes_IsKeptButForOneItem()
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Buffer.Append(rig.Item(0, size: 500_000));
        rig.Buffer.Append(rig.Item(1, size: 60));
        rig.Buffer.Append(rig.Item(2, size: 40));
        rig.Buffer.Append(rig.Item(3, size: 8));

        Assert.That(await rig.ReadAsync(maxBytes: 100), Is.EqualTo(new[] { 0 }));
        rig.Buffer.Complete();
        Assert.That(await rig.ReadAsync(maxBytes: 100), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task Read_ItemFromDisk_IsWhatWasAdded()
    {
        await using var rig = await BufferRig.OpenAsync();
        var items = Enumerable.Range(0, 5000)
            .Select(i => new DataItem(
                i % 7 == 0 ? "Stream \u00e4\ud83d\ude00" + new string('x', i % 600) : $"s{i % 50}",
                new DateTimeOffset(2020 + (i % 9), 1, 1, 0, 0, 0, TimeSpan.FromHours(i % 3)),
                i % 11 == 0 ? DateTimeOffset.MinValue : rig.Time.GetUtcNow().AddTicks(i),
                Enumerable.Range(0, i % 300).Select(b => (byte)(b * i)).ToArray()))
            .ToList();
        foreach (var item in items)
        {
            rig.Buffer.Append(item);
        }

        rig.Options.MaxAge = TimeSpan.MaxValue;
        await rig.RestartAsync();

        var read = await rig.Buffer.ReadAsync(int.MaxValue, int.MaxValue, null, CancellationToken.None);
        Assert.That(read.Select(i => (i.Stream, i.SourceTime, i.ReceivedTime)), Is.EqualTo(items.Select(i => (i.Stream, i.SourceTime, i.ReceivedTime))));
        Assert.That(read.Select(i => Convert.ToHexString(i.Payload.Span)), Is.EqualTo(items.Select(i => Convert.ToHexString(i.Payload.Span))));
        Assert.That(read, Has.All.Matches<DataItem>(i => i.SourceTime.Offset == TimeSpan.Zero));
    }

    [Test]
    public async Task Append_PrimaryThatKeepsUp_WritesNothing()
    {
        await using var rig = await BufferRig.OpenAsync();
        var before = rig.SizeOnDisk;
        for (var i = 0; i < 300; i++)
        {
            // There is always something in flight.
            rig.Append(i);
            if (i > 0)
            {
                Assert.That(await rig.ReadAsync(1), Is.EqualTo(new[] { i - 1 }));
                rig.Buffer.Complete();
            }

            await rig.PassAsync(TimeSpan.FromMilliseconds(50));
        }

        Assert.That(rig.SizeOnDisk, Is.EqualTo(before));
        await rig.CrashAsync();
        Assert.That(rig.Buffer.Count, Is.Zero);
    }

    [TestCase(1)]
    [TestCase(5000)]
    public async Task Append_NotCompleted_SurvivesACrashAfter250Milliseconds(int count)
    {
        await using var rig = await BufferRig.OpenAsync();
        await rig.PassAsync(TimeSpan.FromMilliseconds(350));
        rig.Append(Enumerable.Range(0, count));
        await rig.PassAsync(TimeSpan.FromMilliseconds(200));

        await rig.CrashAsync();

        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(Enumerable.Range(0, count)));
    }

    [Test]
    public async Task Append_AfterACrash_ComesBehindWhatWasLeft()
    {
        await using var rig = await BufferRig.OpenAsync();
        for (var round = 0; round < 4; round++)
        {
            rig.Append(Enumerable.Range(round * 10, 10));
            await rig.PassAsync(Second);
            await rig.CrashAsync();
        }

        Assert.That(rig.Buffer.Count, Is.EqualTo(40));
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(Enumerable.Range(0, 40)));
    }

    [Test]
    public async Task Append_FewItemsForLong_MakeFewChunks()
    {
        await using var rig = await BufferRig.OpenAsync();
        for (var i = 0; i < 600; i++)
        {
            rig.Append(i);
            await rig.PassAsync(TimeSpan.FromMilliseconds(250));
        }

        await rig.CrashAsync();
        using var other = new Microsoft.Data.Sqlite.SqliteConnection($"Data Source={rig.File};Pooling=False");
        other.Open();
        using var command = other.CreateCommand();
        command.CommandText = "SELECT count(*) FROM chunk";
        Assert.That(command.ExecuteScalar(), Is.LessThan(4));
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(Enumerable.Range(0, 600)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Restart_PartOfAChunkCompleted_DoesNotComeAgain(bool inOrder)
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Append(Enumerable.Range(0, 30_000));
        await rig.PassAsync(Second);
        await rig.ReadAsync(12_345);
        rig.Buffer.Complete();

        if (inOrder)
        {
            await rig.RestartAsync();
            Assert.That(rig.Buffer.Count, Is.EqualTo(30_000 - 12_345));
            Assert.That(await rig.TakeAllAsync(), Is.EqualTo(Enumerable.Range(12_345, 30_000 - 12_345)));
        }
        else
        {
            await rig.CrashAsync();
            var left = await rig.TakeAllAsync();
            Assert.That(left, Is.EqualTo(Enumerable.Range(left[0], 30_000 - left[0])));
            Assert.That(left[0], Is.LessThanOrEqualTo(12_345));
        }
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Read_UpTo_LeavesWhatIsLaterInItsPlace(bool onDisk)
    {
        await using var rig = await BufferRig.OpenAsync();
        var start = rig.Time.GetUtcNow();

        // Two streams, one a minute ahead of the other.
        for (var i = 0; i < 40_000; i++)
        {
            rig.Buffer.Append(rig.Item(i, sourceOffset: TimeSpan.FromMilliseconds(i) + (i % 2 == 0 ? TimeSpan.Zero : TimeSpan.FromMinutes(1))));
        }

        if (onDisk)
        {
            await rig.PassAsync(Second);
        }

        var early = await rig.TakeAllAsync(start.AddSeconds(30));
        Assert.That(early, Is.EqualTo(Enumerable.Range(0, 30_001).Where(i => i % 2 == 0)));
        Assert.That(rig.Buffer.Earliest, Is.EqualTo(start.AddMilliseconds(30_002)));
        Assert.That(rig.Buffer.Count, Is.EqualTo(40_000 - early.Length));
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(Enumerable.Range(0, 40_000).Except(early)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Trim_Bound_DropsOnlyWhatIsSafeByBothTimes(bool onDisk)
    {
        await using var rig = await BufferRig.OpenAsync();
        var start = rig.Time.GetUtcNow();
        for (var i = 0; i < 30_000; i++)
        {
            // Every third was late at the source: its time of receipt says so; every fifth has a clock ahead.
            var source = start.AddMilliseconds(i) + (i % 5 == 0 ? TimeSpan.FromHours(1) : TimeSpan.Zero);
            var received = start.AddMilliseconds(i) + (i % 3 == 0 ? TimeSpan.FromMinutes(1) : TimeSpan.Zero);
            rig.Buffer.Append(rig.Item(i) with { SourceTime = source, ReceivedTime = received });
        }

        if (onDisk)
        {
            await rig.PassAsync(Second);
        }

        rig.Buffer.Trim(start.AddMilliseconds(20_000));
        Assert.That(rig.Buffer.Count, Is.GreaterThanOrEqualTo(30_000 - 10_668), "At most what is safe is gone.");

        var left = Enumerable.Range(0, 30_000).Where(i => i % 5 == 0 || i % 3 == 0 || i > 20_000);
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(left));
        Assert.That(rig.Buffer.Count, Is.Zero);
    }

    [Test]
    public async Task TrimExact_Cut_DropsBySourceTimeWhatIsThere()
    {
        await using var rig = await BufferRig.OpenAsync();
        var start = rig.Time.GetUtcNow();
        for (var i = 0; i < 30_000; i++)
        {
            rig.Buffer.Append(rig.Item(i, sourceOffset: TimeSpan.FromMilliseconds(i)));
        }

        await rig.PassAsync(Second);
        rig.Buffer.TrimExact(start.AddMilliseconds(12_345));
        rig.Buffer.Append(rig.Item(1_000_000) with { SourceTime = start });

        Assert.That(rig.Buffer.Earliest, Is.EqualTo(start), "What comes later is the caller's to skip.");
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(Enumerable.Range(12_346, 30_000 - 12_346).Append(1_000_000)));
    }

    [Test]
    public async Task Trim_EverythingOnDisk_FreesItForUse()
    {
        await using var rig = await BufferRig.OpenAsync();
        for (var round = 0; round < 20; round++)
        {
            rig.Append(Enumerable.Range(0, 50_000));
            await rig.PassAsync(Second);
            rig.Buffer.Trim(rig.Time.GetUtcNow());
            Assert.That((rig.Buffer.Count, rig.Buffer.Earliest), Is.EqualTo((0L, (DateTimeOffset?)null)));
        }

        await rig.PassAsync(Second);
        Assert.That(rig.SizeOnDisk, Is.LessThan(8 << 20), "A million values went through.");
        await rig.CrashAsync();
        Assert.That(rig.Buffer.Count, Is.Zero, "Deleted on the disk, too.");
    }

    [Test]
    public async Task Complete_WhatWasTrimmedMeanwhile_HarmsNothing()
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Append(Enumerable.Range(0, 10));
        await rig.ReadAsync(5);
        rig.Buffer.Trim(rig.Time.GetUtcNow());
        rig.Append(Enumerable.Range(10, 10));

        rig.Buffer.Complete();

        Assert.That(rig.Buffer.Count, Is.EqualTo(10));
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(Enumerable.Range(10, 10)));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task Earliest_TimeBase_IsTheOneAsked(bool bySource)
    {
        await using var rig = await BufferRig.OpenAsync(bySource);
        var now = rig.Time.GetUtcNow();
        rig.Buffer.Append(rig.Item(0, sourceOffset: -TimeSpan.FromHours(1)));

        Assert.That(rig.Buffer.Earliest, Is.EqualTo(bySource ? now.AddHours(-1) : now));
        await rig.RestartAsync();
        Assert.That(rig.Buffer.Earliest, Is.EqualTo(bySource ? now.AddHours(-1) : now));
    }

    [TestCase(true)]
    [TestCase(false)]
    public async Task IsUnshared_Set_IsKeptOverARestart(bool isCrash)
    {
        await using var rig = await BufferRig.OpenAsync();
        Assert.That(rig.Buffer.IsUnshared, Is.False);
        foreach (var value in new[] { true, true, false })
        {
            rig.Buffer.IsUnshared = value;
            if (isCrash)
            {
                await rig.PassAsync(Second);
                await rig.CrashAsync();
            }
            else
            {
                await rig.RestartAsync();
            }

            Assert.That(rig.Buffer.IsUnshared, Is.EqualTo(value));
        }
    }

    [Test]
    public async Task IsUnshared_ValuesAreWritten_IsWithThem()
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Buffer.IsUnshared = true;
        rig.Append(1);
        await rig.PassAsync(TimeSpan.FromMilliseconds(250));
        await rig.CrashAsync();

        Assert.That((rig.Buffer.Count, rig.Buffer.IsUnshared), Is.EqualTo((1L, true)));
    }

    [Test]
    public async Task LatestReceived_ClockWasSetBack_IsOfAnEarlierItem()
    {
        await using var rig = await BufferRig.OpenAsync();
        Assert.That(rig.Buffer.LatestReceived, Is.Null);
        var before = rig.Time.GetUtcNow();
        rig.Append(Enumerable.Range(0, 3000));
        rig.Time.SetClock(before.AddHours(-1));
        rig.Append(3000);

        Assert.That(rig.Buffer.LatestReceived, Is.EqualTo(before));
        await rig.RestartAsync();
        Assert.That(rig.Buffer.LatestReceived, Is.EqualTo(before));
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "On Windows rights are inherited.")]
    public async Task Open_Folder_IsForTheAccountAlone()
    {
        await using var rig = await BufferRig.OpenAsync();

        Assert.That(new DirectoryInfo(rig.Folder).UnixFileMode, Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }
}
