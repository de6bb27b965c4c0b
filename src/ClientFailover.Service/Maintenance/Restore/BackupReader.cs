using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Maintenance.Backup;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Maintenance.Restore;

/// <summary>
/// Responsible for unpacking a backup into a directory of its own, every byte of it checked. What an archive says is not trusted:
/// neither names nor lengths.
/// </summary>
internal static class BackupReader
{
    private const int LongestManifest = 4 * 1024 * 1024;
    private const int BufferSize = 128 * 1024;

    /// <summary>Whether a file is an encrypted backup.</summary>
    /// <param name="file">The file, at its beginning, and there afterwards.</param>
    /// <returns>False: it is none, or something else.</returns>
    public static bool IsEncrypted(Stream file)
    {
        var first = file.ReadByte();
        file.Position = 0;
        return first >= 0 && PassphraseEncryption.IsEncrypted((byte)first);
    }

    /// <summary>Unpacks a backup.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="passphrase">What it was encrypted with; null: nothing.</param>
    /// <param name="target">An empty directory for it.</param>
    /// <param name="wants">Which entries are wanted; all are checked.</param>
    /// <returns>What the backup tells of itself.</returns>
    /// <exception cref="MaintenanceException">It is damaged, or of a newer version.</exception>
    public static BackupManifest Unpack(FileStream file, string? passphrase, string target, Func<string, bool> wants)
    {
        if (passphrase is null)
        {
            return Unpack(file, target, wants);
        }

        var options = PrivateFiles.Options(FileMode.CreateNew);
        options.Options = FileOptions.DeleteOnClose;
        using var plain = new FileStream(target + RestoreSwitch.UnpackedSuffix, options);
        PassphraseEncryption.Decrypt(file, passphrase, plain);
        plain.Position = 0;
        return Unpack(plain, target, wants);
    }

    private static BackupManifest Unpack(FileStream file, string target, Func<string, bool> wants)
    {
        try
        {
            using var archive = new ZipArchive(file, ZipArchiveMode.Read, leaveOpen: true);
            var manifest = ReadManifest(archive);
            if (archive.Entries.Count != manifest.Entries.Count + 1)
            {
                throw MaintenanceException.Damaged("what is in it is not what it says is in it.");
            }

            foreach (var entry in manifest.Entries)
            {
                var packed = BackupLayout.Allows(entry.Name) ? archive.GetEntry(entry.Name) : null;
                if (packed is null)
                {
                    throw MaintenanceException.Damaged($"'{Shown(entry.Name)}' is missing, or has no place in a backup.");
                }

                Unpack(packed, entry, wants(entry.Name) ? PathOf(target, entry.Name) : null);
            }

            return manifest;
        }
        catch (InvalidDataException e)
        {
            throw MaintenanceException.Damaged("it is no backup of this service, or it is damaged.", e);
        }
        catch (JsonException e)
        {
            throw MaintenanceException.Damaged("it does not tell what is in it.", e);
        }
    }

    private static BackupManifest ReadManifest(ZipArchive archive)
    {
        var entry = archive.GetEntry(BackupManifest.Name);
        if (entry is null || entry.Length > LongestManifest || archive.Entries.Count > BackupLayout.MostFiles)
        {
            throw MaintenanceException.Damaged("it is no backup of this service.");
        }

        using var content = entry.Open();
        using var json = new MemoryStream();
        content.CopyTo(json);
        var manifest = BackupManifest.Read(json.ToArray());
        if (manifest.Format > BackupManifest.CurrentFormat || manifest.SchemaVersion > SchemaMigrations.Latest)
        {
            throw new MaintenanceException(
                ExitCodes.DataNotReadable,
                "BACKUP_NEWER",
                $"The backup was made by version {Shown(manifest.ServiceVersion)} of the service (format {manifest.Format}, schema {manifest.SchemaVersion}); this one, {HelpText.Version}, "
                + $"reads formats up to {BackupManifest.CurrentFormat} and schemas up to {SchemaMigrations.Latest}. Restore it with that version.");
        }

        return manifest;
    }

    private static void Unpack(ZipArchiveEntry packed, BackupEntry entry, string? path)
    {
        var limit = entry.Name == DatabaseFile.FileName ? long.MaxValue : BackupLayout.LongestFile;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var target = path is null ? null : Create(path);
        using var content = packed.Open();
        var buffer = new byte[BufferSize];
        var length = 0L;
        while (content.Read(buffer) is > 0 and var read)
        {
            length += read;
            if (length > entry.Length || length > limit)
            {
                break;
            }

            hash.AppendData(buffer, 0, read);
            target?.Write(buffer, 0, read);
        }

        if (length != entry.Length || !entry.Sha256.Equals(Convert.ToHexString(hash.GetHashAndReset()), StringComparison.OrdinalIgnoreCase))
        {
            throw MaintenanceException.Damaged($"'{Shown(entry.Name)}' is not what it was.");
        }

        target?.Flush(flushToDisk: true);
    }

    private static FileStream Create(string path)
    {
        // Directory by directory: each is made for the account alone.
        var parents = new Stack<string>();
        for (var parent = Path.GetDirectoryName(path)!; !Directory.Exists(parent); parent = Path.GetDirectoryName(parent)!)
        {
            parents.Push(parent);
        }

        while (parents.TryPop(out var parent))
        {
            PrivateFiles.CreateDirectoryOfService(parent);
        }

        var file = new FileStream(path, PrivateFiles.Options(FileMode.CreateNew));
        if (Path.GetExtension(path).Equals(".crt", StringComparison.OrdinalIgnoreCase) && !OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file.SafeFileHandle, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        }

        return file;
    }

    private static string PathOf(string directory, string name) => Path.Combine([directory, .. name.Split('/')]);

    private static string Shown(string text) => new([.. text.Take(100).Select(c => char.IsControl(c) ? '?' : c)]);
}
