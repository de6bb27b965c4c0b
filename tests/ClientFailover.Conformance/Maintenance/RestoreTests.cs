using System.Runtime.Versioning;
using ClientFailover.Conformance.Running;
using NUnit.Framework;

namespace ClientFailover.Conformance.Maintenance;

/// <summary>Restores and backups that meet what they should not, by the real executable.</summary>
public sealed class RestoreTests
{
    private DataFolder _old = null!;
    private DataFolder _new = null!;
    private DataFolder _place = null!;

    [OneTimeSetUp]
    public async Task SetUpAsync()
    {
        (_old, _new, _place) = (DataFolder.Create(), DataFolder.Create(), DataFolder.Create());
        await MaintenanceFolder.FillAsync(_old.Path, "Old", 1);
        await MaintenanceFolder.FillAsync(_new.Path, "New", 300);
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
    public async Task Restore_KilledAtAnyTime_IsWholeOrNothing()
    {
        // Killed when it has come so far, or a little further.
        string[] stages =
        [
            "restore.new", "restore.new/clientfailover.db", "restore.new/users.json", "restore.new/Certificates/Keys", "restore.new/clientfailover.db-journal",
            "restore.pending", "before-restore-*", "before-restore-*/users.json", "nothing of the kind",
        ];
        for (var round = 0; round < stages.Length; round++)
        {
            var directory = CopyOfOld($"round{round}");
            using var process = ServiceExecutable.Start(["restore", _place.File("backup"), "--DataDirectory", directory, "--replace"], readsInput: true);
            while (!process.HasExited && !IsThere(directory, stages[round].Split('/')))
            {
                await Task.Yield();
            }

            process.Kill();
            await process.WaitForExitAsync();

            await using var service = await RunningService.StartAsync(directory, RunningService.Quick);
            var isNew = !File.Exists(Path.Combine(directory, "initial-accounts.json"));
            var source = isNew ? _new : _old;
            File.Copy(source.File("initial-accounts.json"), Path.Combine(directory, "initial-accounts.json"), overwrite: true);
            using var caller = new Caller(service);
            var groups = await caller.Groups.ListGroupsAsync(new V1.ListGroupsRequest { Count = 1000 });
            Assert.That(groups.Groups.Select(g => g.Id).Distinct().Count(), Is.EqualTo(isNew ? 300 : 1), $"Round {round}.");
            Assert.That(groups.Groups.Select(g => g.Id), Is.All.StartsWith(isNew ? "New" : "Old"));
            Assert.That(Directory.EnumerateFileSystemEntries(directory, "restore.*"), Is.Empty);
            await service.KillAsync();
        }
    }

    [Test]
    public async Task Restore_DamagedOrOfANewerVersion_IsRefusedAndChangesNothing()
    {
        var directory = CopyOfOld("refusals");
        var bytes = await File.ReadAllBytesAsync(_place.File("backup"));
        bytes[bytes.Length / 3] ^= 1;
        await File.WriteAllBytesAsync(_place.File("damaged"), bytes);
        await File.WriteAllBytesAsync(_place.File("half"), bytes[..(bytes.Length / 2)]);
        File.Copy(_place.File("backup"), _place.File("newer"));
        using (var archive = System.IO.Compression.ZipFile.Open(_place.File("newer"), System.IO.Compression.ZipArchiveMode.Update))
        {
            var manifest = archive.GetEntry("manifest.json")!;
            using var reader = new StreamReader(manifest.Open());
            var text = (await reader.ReadToEndAsync()).Replace("\"Format\": 1", "\"Format\": 7", StringComparison.Ordinal);
            reader.Dispose();
            manifest.Delete();
            await using var writer = new StreamWriter(archive.CreateEntry("manifest.json").Open());
            await writer.WriteAsync(text);
        }

        var damaged = await MaintenanceFolder.RestoreAsync(directory, _place.File("damaged"), "--replace");
        var half = await MaintenanceFolder.RestoreAsync(directory, _place.File("half"), "--replace");
        var newer = await MaintenanceFolder.RestoreAsync(directory, _place.File("newer"), "--replace");
        var missing = await MaintenanceFolder.RestoreAsync(directory, _place.File("missing"), "--replace");
        var there = await MaintenanceFolder.RestoreAsync(directory, _place.File("backup"));

        Assert.That(
            new[] { damaged, half, newer, missing, there }.Select(c => c.ExitCode),
            Is.EqualTo(new[] { MaintenanceFolder.NotReadable, MaintenanceFolder.NotReadable, MaintenanceFolder.NotReadable, MaintenanceFolder.BadArguments, MaintenanceFolder.Refused }));
        Assert.That(newer.Error, Does.Contain("format 7"));
        Assert.That(there.Error, Does.Contain("--replace").And.Contain("Nothing was changed."));
        Assert.That(MaintenanceFolder.LastAudit(directory), Is.EqualTo("restore STATE_EXISTS"));
        await MaintenanceFolder.MustBeOldAsync(directory);
    }

    [Test]
    [Platform(Include = "Linux", Reason = "Root and the accounts of Unix.")]
    [UnsupportedOSPlatform("windows")]
    public async Task BackupAndRestore_AsRoot_LeaveTheDirectoryToItsOwner()
    {
        Assume.That(Environment.UserName, Is.EqualTo("root"));
        var directory = CopyOfOld("owned");
        await ToolAsync("chown", "-R", "nobody", directory);

        // Into a place that the owner may not even see.
        var made = await MaintenanceFolder.BackupAsync(directory, _place.File("of-root"));
        var owners = await ToolAsync("find", directory, "!", "-user", "nobody");
        Assert.That((made.ExitCode, owners), Is.EqualTo((0, "")), made.Error);
        Assert.That(await ToolAsync("stat", "-c", "%U %a", _place.File("of-root")), Is.EqualTo("root 600\n"));

        // The owner must get to it, and root alone can read the backup.
        File.SetUnixFileMode(_place.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute);
        var restored = await MaintenanceFolder.RestoreAsync(directory, _place.File("of-root"), "--replace");

        owners = await ToolAsync("find", directory, "!", "-user", "nobody");
        Assert.That((restored.ExitCode, owners), Is.EqualTo((0, "")), restored.Error);
    }

    private static async Task<string> ToolAsync(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.That(process.ExitCode, Is.Zero, program);
        return output;
    }

    private static bool IsThere(string directory, string[] pattern)
    {
        try
        {
            return pattern is [var name, .. var rest]
                && Directory.EnumerateFileSystemEntries(directory, name).Any(e => rest.Length == 0 || (Directory.Exists(e) && IsThere(e, rest)));
        }
        catch (DirectoryNotFoundException)
        {
            // Moved in this moment.
            return false;
        }
    }

    private string CopyOfOld(string name)
    {
        MaintenanceFolder.Copy(_old.Path, _place.File(name));
        return _place.File(name);
    }
}
