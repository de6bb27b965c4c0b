using System.Runtime.Versioning;
using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using static ClientFailover.Service.Tests.Storage.StoreBench;

namespace ClientFailover.Service.Tests.Storage;

public sealed class DatabaseFileTests
{
    [Test]
    public async Task Prepare_NoDatabase_RefusesAndLeavesTheFile()
    {
        await using var bench = new StoreBench();
        Directory.CreateDirectory(bench.Directory);
        await File.WriteAllTextAsync(bench.Path, "Dear diary, today I was not a database at all.");
        var before = await File.ReadAllBytesAsync(bench.Path);

        var error = Assert.ThrowsAsync<StoreUnusableException>(bench.LoadAsync)!;

        Assert.That(error.Message, Does.Contain(bench.Path).And.Contain("is not a database").And.Contain("Restore a backup"));
        Assert.That(await File.ReadAllBytesAsync(bench.Path), Is.EqualTo(before));
    }

    [Test]
    public async Task Prepare_EmptyFile_IsNotTakenForANewDatabase()
    {
        await using var bench = new StoreBench();
        Directory.CreateDirectory(bench.Directory);
        await File.WriteAllBytesAsync(bench.Path, []);

        Assert.That(bench.LoadAsync, Throws.TypeOf<StoreUnusableException>().With.Message.Contains("is not a database"));
    }

    [Test]
    public async Task Prepare_DamagedInside_RefusesAndLeavesTheFile()
    {
        await using var bench = await StoppedAsync();
        using (var file = new FileStream(bench.Path, FileMode.Open))
        {
            file.Seek(4096, SeekOrigin.Begin);
            file.Write(Enumerable.Repeat((byte)0xA5, 3 * 4096).ToArray());
        }

        var before = await File.ReadAllBytesAsync(bench.Path);

        var error = Assert.ThrowsAsync<StoreUnusableException>(bench.LoadAsync)!;

        Assert.That(error.Message, Does.Contain("is damaged").And.Contain("restore a backup"));
        Assert.That(await File.ReadAllBytesAsync(bench.Path), Is.EqualTo(before));
    }

    [Test]
    public async Task Prepare_Truncated_Refuses()
    {
        await using var bench = await StoppedAsync();
        using (var file = new FileStream(bench.Path, FileMode.Open))
        {
            file.SetLength(2 * 4096);
        }

        Assert.That(bench.LoadAsync, Throws.TypeOf<StoreUnusableException>().With.Message.Contains("is damaged"));
    }

    [Test]
    public async Task Prepare_NewerVersion_RefusesAndSaysWhichVersions()
    {
        await using var bench = await StoppedAsync();
        Change(bench, "PRAGMA user_version = 999");

        Assert.That(bench.LoadAsync, Throws.TypeOf<StoreUnusableException>()
            .With.Message.Contains("newer version").And.Message.Contains("999").And.Message.Contains($"up to {SchemaMigrations.Latest}"));
    }

    [Test]
    public async Task Prepare_DatabaseOfAnotherProgram_RefusesAndLeavesTheFile()
    {
        await using var bench = new StoreBench();
        Directory.CreateDirectory(bench.Directory);
        Change(bench, "CREATE TABLE groups (of TEXT, another TEXT, program TEXT)");
        var before = await File.ReadAllBytesAsync(bench.Path);

        Assert.That(bench.LoadAsync, Throws.TypeOf<StoreUnusableException>().With.Message.Contains("another program").And.Property("IsPassing").False);

        Assert.That(await File.ReadAllBytesAsync(bench.Path), Is.EqualTo(before));
    }

    [Test]
    public async Task Prepare_TableMissing_Refuses()
    {
        await using var bench = await StoppedAsync();
        Change(bench, "DROP TABLE sessions");

        Assert.That(bench.LoadAsync, Throws.TypeOf<StoreUnusableException>().With.Message.Contains("sessions").And.Property("IsPassing").False);
    }

    [Test]
    public async Task Prepare_LogWithoutDatabase_Refuses()
    {
        await using var bench = new StoreBench();
        Directory.CreateDirectory(bench.Directory);
        await File.WriteAllTextAsync(bench.Path + "-wal", "what is left");

        Assert.That(bench.LoadAsync, Throws.TypeOf<StoreUnusableException>().With.Message.Contains("is missing").And.Property("IsPassing").False);
        Assert.That(File.Exists(bench.Path), Is.False);
    }

    [Test]
    public async Task Prepare_DirectoryIsAFile_Refuses()
    {
        await using var bench = new StoreBench();
        await File.WriteAllTextAsync(bench.Directory, "");

        Assert.That(bench.LoadAsync, Throws.TypeOf<StoreUnusableException>().With.Message.Contains("DataDirectory").And.Property("IsPassing").True);

        File.Delete(bench.Directory);
    }

    [Test]
    public async Task Prepare_LockedByAnotherProgram_Refuses()
    {
        await using var bench = await StoppedAsync();
        using var other = bench.Connect();
        using var locked = other.BeginTransaction();

        Assert.That(bench.LoadAsync, Throws.TypeOf<StoreUnusableException>().With.Message.Contains("locked").And.Property("IsPassing").True);
    }

    [Test]
    public async Task Prepare_CreationWasInterrupted_BeginsAnew()
    {
        await using var bench = new StoreBench();
        Directory.CreateDirectory(bench.Directory);
        await File.WriteAllTextAsync(bench.Path + ".new", "half of a database");

        Assert.That(await bench.LoadAsync(), Is.Empty);
    }

    [Test]
    [Platform(Exclude = "Win", Reason = "Windows has access control lists instead.")]
    public async Task Prepare_NewDirectory_IsForTheAccountAlone()
    {
        await using var bench = new StoreBench();

        await bench.LoadAsync();

        Assert.That(new DirectoryInfo(bench.Directory).UnixFileMode, Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    private static async Task<StoreBench> StoppedAsync()
    {
        var bench = new StoreBench();
        await bench.LoadAsync();
        for (var i = 0; i < 100; i++)
        {
            await bench.WriteAsync(Key($"g{i}"), true, Created($"g{i}"), Registered("a", 1));
        }

        await bench.StopAsync();
        return bench;
    }

    private static void Change(StoreBench bench, string sql)
    {
        using var connection = bench.Connect();
        using var command = new SqliteCommand(sql, connection);
        command.ExecuteNonQuery();
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void Prepare_NewFile_IsTheAccountsAloneWhateverTheDirectory()
    {
        using var directory = new TemporaryDirectory();
        var file = new DatabaseFile(new StoreOptions { DataDirectory = directory.Path });

        file.Prepare();
        using var writer = file.OpenWriter();
        new SqliteCommand("PRAGMA user_version = 0", writer).ExecuteNonQuery();

        const UnixFileMode owner = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        Assert.That(Directory.GetFiles(directory.Path).Select(File.GetUnixFileMode), Is.Not.Empty.And.All.EqualTo(owner));
    }
}
