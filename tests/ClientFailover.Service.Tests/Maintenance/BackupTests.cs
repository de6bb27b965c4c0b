using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.Versioning;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Maintenance;
using ClientFailover.Service.Maintenance.Backup;
using ClientFailover.Service.Maintenance.Restore;
using ClientFailover.Service.Storage;
using ClientFailover.Service.Tests.Storage;
using Microsoft.Data.Sqlite;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Maintenance;

public sealed class BackupTests
{
    private const string Passphrase = "a long passphrase, ö";

    private StateFolder _state = null!;

    [SetUp]
    public async Task SetUpAsync() => _state = await StateFolder.CreateAsync();

    [TearDown]
    public void TearDown() => _state.Dispose();

    [TestCase(null)]
    [TestCase(Passphrase)]
    public async Task Restore_IntoAnotherDirectory_IsAllThatWasBackedUp(string? passphrase)
    {
        var manifest = Write("backup", passphrase: passphrase);
        var target = _state.Beside("other");

        var restored = StateFolder.Restore(target, _state.Beside("backup"), passphrase);

        var (groups, secret, files) = await StateFolder.ReadAsync(target);
        var (expected, _, expectedFiles) = await StateFolder.ReadAsync(_state.Path);
        Assert.That(restored.Content, Is.EqualTo("1 groups, 2 sessions, 1 accounts"));
        Assert.That(restored.Aside, Is.Null);
        Assert.That((restored.Manifest.Created, manifest.SchemaVersion), Is.EqualTo((manifest.Created, SchemaMigrations.Latest)));
        Assert.That(secret, Is.EqualTo(StateFolder.Secret));
        Assert.That(files, Is.EquivalentTo(expectedFiles));
        Assert.That(groups.Single().Key, Is.EqualTo(expected.Single().Key));
        Assert.That(groups.Single().State.Term, Is.GreaterThan(StagedState.Terms), "Those that may have been told since are not told again.");
        DurableGroupAssert.AreSame(groups.Single().State with { Term = expected.Single().State.Term }, expected.Single().State);
        Assert.That(Directory.GetFileSystemEntries(target).Select(Path.GetFileName), Has.None.StartsWith("restore."));
        Assert.That(File.Exists(Path.Combine(target, "initial-accounts.json")), Is.False, "It tells passwords.");
    }

    [Test]
    [Platform(Exclude = "Win")]
    [UnsupportedOSPlatform("windows")]
    public void Write_File_IsForTheAccountAloneAndNothingIsLeftBesideIt()
    {
        Write("backup");

        Assert.That(File.GetUnixFileMode(_state.Beside("backup")), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(Directory.GetFileSystemEntries(_state.Beside("")).Select(Path.GetFileName), Is.EquivalentTo(new[] { "backup", "data" }));
        StateFolder.Restore(_state.Beside("other"), _state.Beside("backup"));
        Assert.That(
            Directory.GetFiles(_state.Beside("other"), "*", SearchOption.AllDirectories).Where(f => !f.EndsWith(".crt", StringComparison.Ordinal)).Select(File.GetUnixFileMode),
            Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Assert.That(
            Directory.GetDirectories(_state.Beside("other"), "*", SearchOption.AllDirectories).Select(File.GetUnixFileMode),
            Is.All.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    [Platform(Exclude = "Win")]
    public void Write_LinkOfThatName_IsNotFollowed()
    {
        var elsewhere = Directory.CreateDirectory(_state.Beside("elsewhere")).FullName;
        File.WriteAllText(Path.Combine(elsewhere, "precious"), "");
        Directory.CreateSymbolicLink(_state.Beside(".client-failover-backup-1"), elsewhere);

        Write("backup");

        Assert.That(Directory.GetFileSystemEntries(elsewhere).Select(Path.GetFileName), Is.EqualTo(new[] { "precious" }));
    }

    [Test]
    [Platform("Linux")]
    public void Write_DirectoryOfAnotherAccount_FollowsNoLinkInIt()
    {
        Assume.That(Environment.IsPrivilegedProcess, Is.True, "Only root can make what another account would.");
        var foreign = Directory.CreateDirectory(_state.Beside(".client-failover-backup-1")).FullName;
        File.CreateSymbolicLink(Path.Combine(foreign, "lock"), _state.Beside("made by root"));
        using (var chown = Process.Start("chown", ["--recursive", "--no-dereference", "65534:65534", foreign]))
        {
            chown.WaitForExit();
            Assert.That(chown.ExitCode, Is.Zero);
        }

        Write("backup");

        Assert.That(
            Directory.GetFileSystemEntries(_state.Beside("")).Select(Path.GetFileName), Is.EquivalentTo(new[] { ".client-failover-backup-1", "backup", "data" }));
    }

    [Test]
    public void Write_KilledCommandsHaveLeftCopies_RemovesThoseThatNobodyUses()
    {
        var left = Directory.CreateDirectory(_state.Beside(".client-failover-backup-1")).FullName;
        File.WriteAllText(Path.Combine(left, "clientfailover.db"), "a copy");
        var used = Directory.CreateDirectory(_state.Beside(".client-failover-backup-2")).FullName;
        using var alone = FileLock.TryTake(Path.Combine(used, "lock"));

        Write("backup");

        Assert.That((Directory.Exists(left), Directory.Exists(used)), Is.EqualTo((false, true)));
    }

    [Test]
    public void Write_CopiesCannotBeRemoved_IsMadeAndTellsThem()
    {
        var left = Directory.CreateDirectory(_state.Beside(".client-failover-backup-1")).FullName;
        var writer = NewWriterThatRemovesNothing();

        writer.Write(_state.Beside("backup"), withSecrets: true, passphrase: null, overwrite: false);

        Assert.That(writer.Left, Has.Count.EqualTo(2));
        Assert.That(writer.Left[0], Is.EqualTo((left, "Somebody looks.")));
        Assert.That(Path.GetFileName(writer.Left[1].Directory), Does.StartWith(".client-failover-backup-"));
        Assert.That(StateFolder.Restore(_state.Beside("other"), _state.Beside("backup")).Content, Does.StartWith("1 groups"));
    }

    [Test]
    public void Write_FailsAndCopiesCannotBeRemoved_TellsWhyItFailed()
    {
        DamageDatabase();
        var writer = NewWriterThatRemovesNothing();

        Assert.That(
            () => writer.Write(_state.Beside("backup"), withSecrets: true, passphrase: null, overwrite: false),
            Throws.TypeOf<MaintenanceException>().With.Property(nameof(MaintenanceException.Reason)).EqualTo("DATABASE_UNUSABLE"));
        Assert.That(writer.Left, Has.Count.EqualTo(1));
    }

    [Test]
    public void Write_FileExists_IsRefusedUnlessItMayBeReplaced()
    {
        File.WriteAllText(_state.Beside("backup"), "something else");

        var refused = Assert.Throws<MaintenanceException>(() => Write("backup"))!;
        Assert.That((refused.ExitCode, refused.Reason), Is.EqualTo((ExitCodes.Refused, "FILE_EXISTS")));
        Assert.That(File.ReadAllText(_state.Beside("backup")), Is.EqualTo("something else"));
        Write("backup", overwrite: true);

        Assert.That(StateFolder.Restore(_state.Beside("other"), _state.Beside("backup")).Content, Does.StartWith("1 groups"));
    }

    [Test]
    public async Task Write_WithoutSecrets_HasNoKeysAndLeavesThoseThatAreThere()
    {
        var manifest = Write("backup", withSecrets: false);
        Assert.That(manifest.Entries.Select(e => e.Name), Has.None.StartsWith("keys/").And.None.StartsWith("Certificates/"));
        var (_, _, before) = await StateFolder.ReadAsync(_state.Path);

        StateFolder.Restore(_state.Path, _state.Beside("backup"), replace: true);

        var (_, secret, files) = await StateFolder.ReadAsync(_state.Path);
        Assert.That(secret, Is.EqualTo(StateFolder.Secret), "The keys of the directory are still there.");
        Assert.That(files, Is.EquivalentTo(before));
        StateFolder.Restore(_state.Beside("other"), _state.Beside("backup"));
        Assert.That((await StateFolder.ReadAsync(_state.Beside("other"))).Secret, Is.Null);
    }

    [Test]
    public async Task Write_ServiceWritesOn_IsOfOneMoment()
    {
        await using var bench = new StoreBench(new StoreOptions { DataDirectory = _state.Path });
        await bench.LoadAsync();
        using var stop = new CancellationTokenSource();
        var writing = Task.Run(async () =>
        {
            for (var i = 0; !stop.IsCancellationRequested; i++)
            {
                // Two groups that are changed together: a copy that has only one of them is of no moment.
                var left = bench.Append(StoreBench.Key($"left{i}"), true, StoreBench.Created($"left{i}"));
                await bench.WriteAsync(StoreBench.Key($"right{i}"), true, StoreBench.Created($"right{i}"));
                await left.Done;
            }
        });
        for (var i = 0; i < 5; i++)
        {
            Write($"backup{i}");
            StateFolder.Restore(_state.Beside($"other{i}"), _state.Beside($"backup{i}"));
        }

        await stop.CancelAsync();
        await writing;
        for (var i = 0; i < 5; i++)
        {
            var groups = (await StateFolder.ReadAsync(_state.Beside($"other{i}"))).Groups.Select(g => g.Key.Group).ToList();
            Assert.That(groups.Count(g => g.StartsWith("left", StringComparison.Ordinal)), Is.EqualTo(groups.Count(g => g.StartsWith("right", StringComparison.Ordinal))).Within(1));
        }
    }

    [Test]
    public void Write_DatabaseIsDamaged_IsRefusedAndMakesNoFile()
    {
        DamageDatabase();

        var refused = Assert.Throws<MaintenanceException>(() => Write("backup"))!;

        Assert.That((refused.ExitCode, refused.Reason), Is.EqualTo((ExitCodes.DataNotReadable, "DATABASE_UNUSABLE")));
        Assert.That(Directory.GetFileSystemEntries(_state.Beside("")).Select(Path.GetFileName), Is.EqualTo(new[] { "data" }));
    }

    [Test]
    public void Write_NoDatabase_IsRefused()
    {
        var writer = new BackupWriter(_state.Beside("nowhere"), TimeProvider.System);

        Assert.That(
            () => writer.Write(_state.Beside("backup"), withSecrets: true, passphrase: null, overwrite: false),
            Throws.TypeOf<MaintenanceException>().With.Property(nameof(MaintenanceException.Reason)).EqualTo("NOTHING_THERE"));
    }

    [Test]
    public void Write_Archive_CanBeReadByOtherPrograms()
    {
        var manifest = Write("backup");

        using var archive = ZipFile.OpenRead(_state.Beside("backup"));

        Assert.That(archive.Entries.Select(e => e.FullName), Is.EquivalentTo(manifest.Entries.Select(e => e.Name).Append("manifest.json")));
        Assert.That(archive.Entries.Select(e => e.FullName), Does.Contain("clientfailover.db").And.Contain("users.json").And.Contain("Certificates/plant.crt").And.Contain("Certificates/Keys/plant.key"));
    }

    private void DamageDatabase()
    {
        SqliteConnection.ClearAllPools();
        using var file = new FileStream(Path.Combine(_state.Path, DatabaseFile.FileName), FileMode.Open);
        file.Seek(4096, SeekOrigin.Begin);
        file.Write(Enumerable.Repeat((byte)0xA5, 3 * 4096).ToArray());
    }

    private BackupWriter NewWriterThatRemovesNothing() => new(_state.Path, TimeProvider.System)
    {
        Delete = _ => throw new UnauthorizedAccessException("Somebody looks."),
    };

    private BackupManifest Write(string name, bool withSecrets = true, string? passphrase = null, bool overwrite = false) =>
        new BackupWriter(_state.Path, TimeProvider.System).Write(_state.Beside(name), withSecrets, passphrase, overwrite);
}
