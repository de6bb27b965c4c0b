using System.IO.Compression;
using System.Text.Json.Nodes;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Maintenance;
using ClientFailover.Service.Maintenance.Backup;
using NUnit.Framework;

namespace ClientFailover.Service.Tests.Maintenance;

/// <summary>Backups that are not what they should be.</summary>
public sealed class RestoreTests
{
    private const string Passphrase = "a long passphrase";

    private StateFolder _old = null!;
    private StateFolder _new = null!;
    private string _backup = null!;

    [SetUp]
    public async Task SetUpAsync()
    {
        _old = await StateFolder.CreateAsync("Old", terms: 2);
        _new = await StateFolder.CreateAsync("New", terms: 5);
        _backup = _new.Beside("backup");
        Write(_backup, null);
    }

    [TearDown]
    public void TearDown()
    {
        _old.Dispose();
        _new.Dispose();
    }

    [Test]
    public async Task Restore_StateIsThere_IsRefusedUnlessItMayBePutAside()
    {
        var before = StateFolder.Bytes(_old.Path);
        Refused(_backup, ExitCodes.Refused, "STATE_EXISTS", replace: false);
        Assert.That(StateFolder.Bytes(_old.Path), Is.EquivalentTo(before));

        var restored = StateFolder.Restore(_old.Path, _backup, replace: true);

        Assert.That((await StateFolder.ReadAsync(_old.Path)).Groups.Single().Key.Group, Is.EqualTo("New"));
        Assert.That(File.Exists(Path.Combine(_old.Path, "initial-accounts.json")), Is.False);
        Assert.That(StateFolder.Bytes(restored.Aside!), Is.EquivalentTo(before), "All of it, and nothing else.");
        Assert.That((await StateFolder.ReadAsync(restored.Aside!)).Groups.Single().Key.Group, Is.EqualTo("Old"), "It can be served from.");
    }

    [Test]
    public async Task Restore_KeepCertificates_LeavesThem()
    {
        var certificate = await File.ReadAllTextAsync(Path.Combine(_old.Path, "Certificates", "plant.crt"));

        StateFolder.Restore(_old.Path, _backup, replace: true, keepCertificates: true);

        Assert.That(await File.ReadAllTextAsync(Path.Combine(_old.Path, "Certificates", "plant.crt")), Is.EqualTo(certificate));
        Assert.That((await StateFolder.ReadAsync(_old.Path)).Secret, Is.EqualTo(StateFolder.Secret));
    }

    [Test]
    public void Restore_AuditAndLog_AreNotTakenBack()
    {
        Directory.CreateDirectory(Path.Combine(_old.Path, "audit"));
        File.WriteAllText(Path.Combine(_old.Path, "audit", "audit-20261130.log"), "who did what");

        StateFolder.Restore(_old.Path, _backup, replace: true);

        Assert.That(File.ReadAllText(Path.Combine(_old.Path, "audit", "audit-20261130.log")), Is.EqualTo("who did what"));
    }

    [TestCase(false)]
    [TestCase(true)]
    public async Task Restore_AnyByteIsAnother_IsRefusedOrChangesNothingThatCounts(bool encrypted)
    {
        var backup = _backup;
        if (encrypted)
        {
            backup = _new.Beside("encrypted");
            Write(backup, Passphrase);
        }

        var bytes = await File.ReadAllBytesAsync(backup);
        var before = StateFolder.Bytes(_old.Path);
        var damaged = _new.Beside("damaged");
        var refused = 0;
        for (var position = 3; position < bytes.Length; position += Math.Max(1, bytes.Length / (encrypted ? 12 : 60)))
        {
            bytes[position] ^= 0x10;
            await File.WriteAllBytesAsync(damaged, bytes);
            bytes[position] ^= 0x10;
            try
            {
                var target = _new.Beside($"target{position}");
                StateFolder.Restore(target, damaged, encrypted ? Passphrase : null);
                Assert.That(encrypted, Is.False, "Of what is encrypted every byte counts.");
                Assert.That((await StateFolder.ReadAsync(target)).Groups.Single().Key.Group, Is.EqualTo("New"), "A date in the archive, say.");
            }
            catch (MaintenanceException e)
            {
                Assert.That(e.ExitCode, Is.EqualTo(ExitCodes.DataNotReadable), e.ToString());
                refused++;
                if (!encrypted)
                {
                    Refused(damaged, ExitCodes.DataNotReadable, e.Reason);
                }
            }
        }

        Assert.That(refused, encrypted ? Is.GreaterThanOrEqualTo(12) : Is.GreaterThan(40));
        Assert.That(StateFolder.Bytes(_old.Path), Is.EquivalentTo(before));
    }

    [Test]
    public void Restore_Truncated_IsRefused()
    {
        var bytes = File.ReadAllBytes(_backup);
        foreach (var length in new[] { 0, 1, 100, bytes.Length / 2, bytes.Length - 1 })
        {
            File.WriteAllBytes(_new.Beside("damaged"), bytes[..length]);
            Refused(_new.Beside("damaged"), ExitCodes.DataNotReadable, "BACKUP_DAMAGED");
        }
    }

    [Test]
    public void Restore_OtherPassphrase_IsRefused()
    {
        Write(_new.Beside("encrypted"), Passphrase);

        Refused(_new.Beside("encrypted"), ExitCodes.DataNotReadable, "NOT_DECRYPTED", passphrase: Passphrase + "!");
    }

    [TestCase("Format", 2)]
    [TestCase("SchemaVersion", 999)]
    public void Restore_NewerVersion_IsRefusedAndSaysSo(string member, int value)
    {
        ChangeManifest(m => m[member] = value);

        var refusal = Refused(_backup, ExitCodes.DataNotReadable, "BACKUP_NEWER");

        Assert.That(refusal.Message, Does.Contain($"{value}").And.Contain("Restore it with that version"));
    }

    [TestCase("../evil.db")]
    [TestCase("/etc/passwd")]
    [TestCase("service.lock")]
    [TestCase("keys/../../x.xml")]
    [TestCase("Certificates/a\\b.crt")]
    [TestCase("Certificates/.crt")]
    [TestCase("audit/audit-20261130.log")]
    [TestCase("keys/sub/x.xml")]
    public void Restore_EntryThatHasNoPlace_IsRefused(string name)
    {
        using (var archive = ZipFile.Open(_backup, ZipArchiveMode.Update))
        {
            archive.CreateEntry(name).Open().Dispose();
        }

        Refused(_backup, ExitCodes.DataNotReadable, "BACKUP_DAMAGED");
        ChangeManifest(m => m["Entries"]!.AsArray().Add(new JsonObject
        {
            ["Name"] = name,
            ["Length"] = 0,
            ["Sha256"] = "E3B0C44298FC1C149AFBF4C8996FB92427AE41E4649B934CA495991B7852B855",
        }));
        Refused(_backup, ExitCodes.DataNotReadable, "BACKUP_DAMAGED");
        Assert.That(File.Exists(_old.Beside("evil.db")), Is.False);
    }

    [Test]
    public void Restore_NoBackupAtAll_IsRefused()
    {
        using (var archive = ZipFile.Open(_new.Beside("zip"), ZipArchiveMode.Create))
        {
            archive.CreateEntry("readme.txt").Open().Dispose();
        }

        Refused(_new.Beside("zip"), ExitCodes.DataNotReadable, "BACKUP_DAMAGED");
        ChangeManifest(m => m["Product"] = "Another");
        Refused(_backup, ExitCodes.DataNotReadable, "BACKUP_DAMAGED");
    }

    private MaintenanceException Refused(string backup, int exitCode, string reason, string? passphrase = null, bool replace = true)
    {
        var refusal = Assert.Throws<MaintenanceException>(() => StateFolder.Restore(_old.Path, backup, passphrase, replace))!;
        Assert.That((refusal.ExitCode, refusal.Reason), Is.EqualTo((exitCode, reason)), refusal.Message);
        Assert.That(Directory.GetFileSystemEntries(_old.Path).Select(Path.GetFileName), Has.None.StartsWith("restore").And.None.StartsWith("before"));
        return refusal;
    }

    private void Write(string path, string? passphrase) =>
        new BackupWriter(_new.Path, TimeProvider.System).Write(path, withSecrets: true, passphrase, overwrite: false);

    private void ChangeManifest(Action<JsonObject> change)
    {
        using var archive = ZipFile.Open(_backup, ZipArchiveMode.Update);
        var entry = archive.GetEntry("manifest.json")!;
        JsonObject manifest;
        using (var content = entry.Open())
        {
            manifest = JsonNode.Parse(content)!.AsObject();
        }

        change(manifest);
        entry.Delete();
        using var target = new StreamWriter(archive.CreateEntry("manifest.json").Open());
        target.Write(manifest.ToJsonString());
    }
}
