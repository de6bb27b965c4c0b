using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Client.Tests.Buffering;

/// <summary>Files that were there before.</summary>
public sealed class BufferFolderTests
{
    private const int MovedAside = 7401;
    private const int TookFormer = 7406;

    [Test]
    public async Task Flush_NotOpen_SaysSoAndKeepsWhatIsThere()
    {
        await using var rig = new BufferRig();
        rig.Append(1, 2);

        Assert.That(async () => await rig.Buffer.FlushAsync(CancellationToken.None), Throws.InstanceOf<IOException>().With.Message.Contains("it is not open"));

        await rig.Buffer.OpenAsync(CancellationToken.None);
        await rig.Buffer.FlushAsync(CancellationToken.None);
        await rig.CrashAsync();
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(new[] { 1, 2 }));
    }

    [Test]
    public async Task Flush_CouldNotBeOpened_SaysSo()
    {
        await using var rig = await BufferRig.OpenAsync();
        await using var second = rig.Create();
        Assert.That(async () => await second.OpenAsync(CancellationToken.None), Throws.InstanceOf<IOException>());

        Assert.That(async () => await second.FlushAsync(CancellationToken.None), Throws.InstanceOf<IOException>().With.Message.Contains("it is not open"));
    }

    [TestCase("text")]
    [TestCase("start")]
    [TestCase("table")]
    [TestCase("other")]
    [TestCase("newer")]
    public async Task Open_FileThatCannotBeUsed_IsMovedAsideAndSaysWhere(string damage)
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Append(Enumerable.Range(0, 1000));
        await rig.Buffer.DisposeAsync();
        switch (damage)
        {
            case "text":
                await File.WriteAllTextAsync(rig.File, new string('x', 20_000));
                break;
            case "start":
                await using (var file = File.OpenWrite(rig.File))
                {
                    file.Write(new byte[4096]);
                }

                break;
            case "table":
                Change(rig, "DROP TABLE chunk");
                break;
            case "other":
                Change(rig, "PRAGMA application_id = 7");
                break;
            default:
                Change(rig, "PRAGMA user_version = 2");
                break;
        }

        var bytes = await File.ReadAllBytesAsync(rig.File);
        await rig.ReopenAsync();

        Assert.That(rig.Buffer.Count, Is.Zero);
        var aside = Directory.GetFiles(rig.Folder, "*.aside-*").Single();
        Assert.That(rig.Log.Texts(MovedAside).Single(), Does.Contain(aside));
        if (damage != "table")
        {
            // That a table is missing shows only when the database is open for writing.
            Assert.That(await File.ReadAllBytesAsync(aside), Is.EqualTo(bytes), "As it was.");
        }

        rig.Append(1);
        await rig.RestartAsync();
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public async Task Read_DamagedChunk_IsDroppedAloneAndCounted()
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Append(Enumerable.Range(0, 100_000));
        await rig.Buffer.DisposeAsync();
        Change(rig, "UPDATE content SET content = substr(content, 1, 1000) || x'FF' || substr(content, 1002) WHERE id = 5; DELETE FROM content WHERE id = 7");
        await rig.ReopenAsync();

        var left = await rig.TakeAllAsync();

        Assert.That(left, Has.Length.EqualTo(100_000 - rig.Buffer.Dropped));
        Assert.That(left, Is.Ordered.Ascending);
        Assert.That(rig.Buffer.Dropped, Is.InRange(2, 2 * 1024));
        await rig.PassAsync(TimeSpan.FromSeconds(1));
        Assert.That(rig.Log.Texts(7420).Single(), Does.Contain("damaged"));
    }

    [Test]
    public async Task Open_FolderInUse_SaysSo()
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Append(1);
        await using var second = rig.Create();

        Assert.That(
            async () => await second.OpenAsync(CancellationToken.None),
            Throws.InstanceOf<IOException>().With.Message.Contains("in use by another process").And.Message.Contains(rig.Folder));
        await rig.RestartAsync();
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(new[] { 1 }), "The first is not disturbed.");
    }

    [Test]
    public async Task Open_FolderOfAnEarlierVersion_IsTakenUpOnce()
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Append(1, 2);

        await rig.UpgradeAsync();

        Assert.That(rig.Log.Texts(TookFormer).Single(), Does.Contain(rig.Former).And.Contain(rig.File));
        Assert.That(Directory.GetFiles(rig.Former!, "buffer.db*"), Is.Empty);
        rig.Append(3);
        await rig.RestartAsync();
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(new[] { 1, 2, 3 }));
        Assert.That(rig.Log.Texts(TookFormer), Has.Exactly(1).Items);
    }

    [Test]
    public async Task Open_FolderOfAnEarlierVersionThatWasKilled_IsTakenUpWithItsLog()
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Append(1, 2);
        await rig.PassAsync(TimeSpan.FromSeconds(2));
        rig.Append(3);
        await rig.PassAsync(TimeSpan.FromSeconds(2));
        var folder = rig.Folder;
        Assert.That(File.Exists(rig.File + "-wal"), Is.True);

        // As kill -9 leaves it, and as a second kill leaves it in the midst of the move.
        var copy = Path.Combine(folder, "killed");
        var target = Path.Combine(folder, "upgraded");
        Directory.CreateDirectory(copy);
        Directory.CreateDirectory(target);
        File.Copy(rig.File, Path.Combine(copy, "buffer.db"));
        File.Copy(rig.File + "-wal", Path.Combine(target, "buffer.db-wal"));
        await using var upgraded = new BufferRig(folder: target) { Former = copy };
        await upgraded.Buffer.DisposeAsync();
        await upgraded.ReopenAsync();

        Assert.That(await upgraded.TakeAllAsync(), Is.EqualTo(new[] { 1, 2, 3 }));
    }

    [Test]
    public async Task Open_FolderOfAnEarlierVersionInUse_IsLeftToIt()
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Append(1);
        await using var second = new BufferRig { Former = rig.Folder };
        await second.Buffer.DisposeAsync();
        await second.ReopenAsync();

        Assert.That(second.Buffer.Count, Is.Zero);
        await rig.RestartAsync();
        Assert.That(await rig.TakeAllAsync(), Is.EqualTo(new[] { 1 }));
    }

    [Test]
    public async Task Open_BothFolders_TheEarlierOneIsLeft()
    {
        await using var rig = await BufferRig.OpenAsync();
        rig.Append(1);
        await rig.Buffer.DisposeAsync();
        await using var second = await BufferRig.OpenAsync();
        second.Append(2);
        second.Former = rig.Folder;

        await second.RestartAsync();

        Assert.That(await second.TakeAllAsync(), Is.EqualTo(new[] { 2 }));
        Assert.That(File.Exists(rig.File), Is.True);
    }

    private static void Change(BufferRig rig, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={rig.File};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Constants of this test.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }
}
