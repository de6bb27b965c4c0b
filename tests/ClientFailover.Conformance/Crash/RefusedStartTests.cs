using ClientFailover.Conformance.Running;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Conformance.Crash;

/// <summary>Data that the service must not touch: it says why, and what to do, and leaves everything as it is.</summary>
[Parallelizable(ParallelScope.Children)]
public sealed class RefusedStartTests
{
    private const int DirectoryInUse = 3;
    private const int DataNotReadable = 6;

    [Test]
    public async Task Start_SecondInstanceOnADataDirectory_IsRefused()
    {
        using var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(folder.Path);
        using var caller = new Caller(service);

        var (exitCode, output) = await RunningService.StartInVainAsync(folder.Path);

        Assert.That(exitCode, Is.EqualTo(DirectoryInUse));
        Assert.That(output, Does.Contain(folder.Path).And.Contain("Another instance"));
        await caller.CreateGroupAsync(CallerActions.NewId());
    }

    [Test]
    public async Task Start_DatabaseOfANewerVersion_IsRefused()
    {
        using var folder = await NewDataAsync();
        using (var connection = Open(folder))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA user_version = 9999";
            command.ExecuteNonQuery();
        }

        await AssertRefusedAsync(folder, "newer version", "9999");
    }

    [Test]
    public async Task Start_DatabaseOfAnotherProgram_IsRefused()
    {
        using var folder = DataFolder.Create();
        using (var connection = Open(folder))
        {
            using var command = connection.CreateCommand();
            command.CommandText = "CREATE TABLE t (a)";
            command.ExecuteNonQuery();
        }

        await AssertRefusedAsync(folder, "another program");
    }

    [Test]
    public async Task Start_DatabaseIsNone_IsRefused()
    {
        using var folder = DataFolder.Create();
        await File.WriteAllTextAsync(Database(folder), "This is not a database, but somebody's file.");

        await AssertRefusedAsync(folder, "not a database");
    }

    [Test]
    public async Task Start_DatabaseIsDamaged_IsRefused()
    {
        using var folder = await NewDataAsync();
        await using (var file = File.OpenWrite(Database(folder)))
        {
            // All but the first page, which says that it is a database.
            var noise = new byte[file.Length - 4096];
            new Random(1).NextBytes(noise);
            file.Position = 4096;
            await file.WriteAsync(noise);
        }

        await AssertRefusedAsync(folder, "damaged");
    }

    private static async Task AssertRefusedAsync(DataFolder folder, params string[] words)
    {
        var before = await File.ReadAllBytesAsync(Database(folder));

        var (exitCode, output) = await RunningService.StartInVainAsync(folder.Path);

        Assert.That(exitCode, Is.EqualTo(DataNotReadable), output);
        Assert.That(output, Does.Contain(Database(folder)));
        foreach (var word in words)
        {
            Assert.That(output, Does.Contain(word));
        }

        Assert.That(output.Split('\n')[^1], Does.Contain(Database(folder)).And.Not.Contain("   at "), "The last word is for people.");
        Assert.That(await File.ReadAllBytesAsync(Database(folder)), Is.EqualTo(before), "It is left as it is.");
    }

    private static async Task<DataFolder> NewDataAsync()
    {
        var folder = DataFolder.Create();
        await using var service = await RunningService.StartAsync(folder.Path);
        using (var caller = new Caller(service))
        {
            await caller.CreateGroupAsync(CallerActions.NewId());
        }

        // In order, so that the log is folded into the database.
        Assert.That(await service.StopAsync(), Is.Zero);
        return folder;
    }

    private static string Database(DataFolder folder) => folder.File("clientfailover.db");

    private static SqliteConnection Open(DataFolder folder)
    {
        var connection = new SqliteConnection($"Data Source={Database(folder)};Pooling=False");
        connection.Open();
        return connection;
    }
}
