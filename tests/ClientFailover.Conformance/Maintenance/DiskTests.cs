using ClientFailover.Conformance.Disk;
using ClientFailover.Conformance.Running;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Conformance.Maintenance;

/// <summary>Backups to disks that fill up, and restores on them.</summary>
public sealed class DiskTests
{
    private DataFolder _old = null!;
    private DataFolder _new = null!;
    private DataFolder _place = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        (_old, _new, _place) = (DataFolder.Create(), DataFolder.Create(), DataFolder.Create());
        await MaintenanceFolder.FillAsync(_old.Path, "Old", 1);
        await MaintenanceFolder.FillAsync(_new.Path, "New", 30);
        var made = await MaintenanceFolder.BackupAsync(_new.Path, _place.File("backup"));
        Assert.That(made.ExitCode, Is.Zero, made.Error);
    }

    [OneTimeTearDown]
    public void TearDown()
    {
        _old.Dispose();
        _new.Dispose();
        _place.Dispose();
    }

    [Test]
    public async Task Backup_DiskIsFull_MakesNoFileAndTheServiceGoesOn()
    {
        using var disk = SmallDisk.Mount();
        await using var service = await RunningService.StartAsync(disk.Path, RunningService.Quick);
        using var caller = new Caller(service);
        await caller.CreatePairAsync("Line1");
        disk.Fill();

        var failed = await MaintenanceFolder.BackupAsync(disk.Path, Path.Combine(disk.Path, "backup"));

        Assert.That(failed.ExitCode, Is.EqualTo(MaintenanceFolder.NotWritten), failed.Error);
        Assert.That(failed.Error, Does.Contain("room"));
        Assert.That(Directory.EnumerateFileSystemEntries(disk.Path).Select(Path.GetFileName), Has.None.Contains("backup"));
        Assert.That(await caller.BeatAsync("Line1", "a", 50), Is.EqualTo(V1.Role.Primary));

        // Onto another disk it goes, full as the service's is.
        var elsewhere = await MaintenanceFolder.BackupAsync(disk.Path, _place.File("elsewhere"));
        Assert.That(elsewhere.ExitCode, Is.Zero, elsewhere.Error);
        await service.KillAsync();
    }

    [Test]
    public async Task Backup_TargetFillsUp_MakesNoFileAndLeavesNothing()
    {
        using var disk = SmallDisk.Mount();
        using (var database = new SqliteConnection($"Data Source={_new.File("clientfailover.db")};Pooling=False"))
        {
            database.Open();
            using var copy = new SqliteCommand("VACUUM INTO $target", database);
            copy.Parameters.AddWithValue("$target", _place.File("copy.db"));
            copy.ExecuteNonQuery();
        }

        // Room for the copy of the database, and not for the archive.
        await File.WriteAllBytesAsync(
            Path.Combine(disk.Path, "almost"), new byte[(4 * 1024 * 1024) - new FileInfo(_place.File("copy.db")).Length - (4 * 1024)]);

        var failed = await MaintenanceFolder.BackupAsync(_new.Path, Path.Combine(disk.Path, "backup"));

        Assert.That(failed.ExitCode, Is.EqualTo(MaintenanceFolder.NotWritten), failed.Error + failed.Output);
        Assert.That(Directory.EnumerateFileSystemEntries(disk.Path).Select(Path.GetFileName), Is.EqualTo(new[] { "almost" }));
    }

    [Test]
    public async Task Restore_DiskIsFull_ChangesNothing()
    {
        using var disk = SmallDisk.Mount();
        var directory = Path.Combine(disk.Path, "data");
        MaintenanceFolder.Copy(_old.Path, directory);
        disk.Fill();

        var failed = await MaintenanceFolder.RestoreAsync(directory, _place.File("backup"), "--replace");
        disk.Free();

        Assert.That(failed.ExitCode, Is.Not.Zero);
        Assert.That(failed.Error, Does.Contain("Nothing was changed."));
        await MaintenanceFolder.MustBeOldAsync(directory);
    }
}
