using System.IO.Compression;
using System.Security.Cryptography;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Maintenance.Backup;

/// <summary>
/// Responsible for making a backup: one file that is there as a whole or not at all, for the account alone. What it takes
/// meanwhile is in a directory beside it, which is gone afterwards; after a kill, with the next backup that the same account makes
/// into the same directory.
/// </summary>
/// <param name="dataDirectory">The data directory.</param>
/// <param name="time">The clock.</param>
internal sealed class BackupWriter(string dataDirectory, TimeProvider time)
{
    private const string UnfinishedPrefix = ".client-failover-backup-";
    private const string LockName = "lock";
    private const string ArchiveName = "archive";
    private const int BufferSize = 128 * 1024;

    // What an unpacking program on Unix gives each file: -rw-------.
    private const int OwnerOnly = 0x8180 << 16;

    private readonly List<(string Directory, string Problem)> _left = [];

    /// <summary>What could not be removed, and why: copies that were taken for this backup, or for one that was killed.</summary>
    public IReadOnlyList<(string Directory, string Problem)> Left => _left;

    /// <summary>Called to delete a directory. Tests make it fail with this; not configurable.</summary>
    internal Action<string> Delete { get; init; } = static directory => Directory.Delete(directory, recursive: true);

    /// <summary>Makes one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="withSecrets">Whether the keys of secrets and certificates are in it.</param>
    /// <param name="passphrase">What it is encrypted with; null: nothing.</param>
    /// <param name="overwrite">Whether it may replace a file.</param>
    /// <returns>What it tells of itself.</returns>
    /// <exception cref="MaintenanceException">It was not made.</exception>
    public BackupManifest Write(string path, bool withSecrets, string? passphrase, bool overwrite)
    {
        var database = Path.Combine(dataDirectory, DatabaseFile.FileName);
        if (!File.Exists(database))
        {
            throw new MaintenanceException(ExitCodes.Refused, "NOTHING_THERE", $"There is nothing to back up: '{dataDirectory}' has no database. Start the service once, or name its directory with --DataDirectory.");
        }

        EnsureFree(path, overwrite);
        var directory = Path.GetDirectoryName(path)!;
        RemoveUnfinished(directory);
        var unfinished = Path.Combine(directory, UnfinishedPrefix + Guid.NewGuid().ToString("N"));
        try
        {
            PrivateFiles.CreateDirectory(unfinished);
            using var alone = FileLock.TryTake(Path.Combine(unfinished, LockName));
            var manifest = Write(database, unfinished, withSecrets, passphrase);

            // Once more: another command may have made it meanwhile.
            EnsureFree(path, overwrite);
            File.Move(Path.Combine(unfinished, ArchiveName), path, overwrite);
            DurableFile.SyncDirectory(directory);
            return manifest;
        }
        finally
        {
            Remove(unfinished);
        }
    }

    private BackupManifest Write(string database, string directory, bool withSecrets, string? passphrase)
    {
        // The database first: the keys of all secrets in it are on the disk by then, and those made later do no harm.
        var snapshot = Path.Combine(directory, DatabaseFile.FileName);
        var created = time.GetUtcNow().UtcDateTime;
        var schema = DatabaseSnapshot.Take(database, snapshot);
        var files = BackupSource.Read(dataDirectory, withSecrets);
        var manifest = new BackupManifest(
            BackupManifest.ProductName, BackupManifest.CurrentFormat, HelpText.Version, schema, created, Environment.MachineName, withSecrets, []);
        var options = PrivateFiles.Options(FileMode.CreateNew);
        options.BufferSize = BufferSize;
        using var file = new FileStream(Path.Combine(directory, ArchiveName), options);
        if (passphrase is null)
        {
            manifest = Pack(file, snapshot, files, manifest);
        }
        else
        {
            PassphraseEncryption.Encrypt(file, passphrase, created, target => manifest = Pack(target, snapshot, files, manifest));
        }

        file.Flush(flushToDisk: true);
        return manifest;
    }

    private static BackupManifest Pack(Stream target, string snapshot, IReadOnlyList<(string Name, byte[] Content)> files, BackupManifest manifest)
    {
        using var archive = new ZipArchive(target, ZipArchiveMode.Create, leaveOpen: true);
        var entries = new List<BackupEntry>();
        using (var database = File.OpenRead(snapshot))
        {
            entries.Add(Add(archive, DatabaseFile.FileName, database, manifest.Created));
        }

        foreach (var (name, content) in files)
        {
            entries.Add(Add(archive, name, new MemoryStream(content), manifest.Created));
        }

        manifest = manifest with { Entries = entries };
        Add(archive, BackupManifest.Name, new MemoryStream(manifest.Write()), manifest.Created);
        return manifest;
    }

    private static BackupEntry Add(ZipArchive archive, string name, Stream content, DateTime created)
    {
        var entry = archive.CreateEntry(name, CompressionLevel.Fastest);
        entry.ExternalAttributes = OwnerOnly;
        entry.LastWriteTime = created;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        using var target = entry.Open();
        var buffer = new byte[BufferSize];
        var length = 0L;
        while (content.Read(buffer) is > 0 and var read)
        {
            hash.AppendData(buffer, 0, read);
            target.Write(buffer, 0, read);
            length += read;
        }

        return new BackupEntry(name, length, Convert.ToHexString(hash.GetHashAndReset()));
    }

    private static void EnsureFree(string path, bool overwrite)
    {
        if (Directory.Exists(path))
        {
            throw new MaintenanceException(ExitCodes.Refused, "IS_DIRECTORY", $"'{path}' is a directory; name a file.");
        }

        if (!overwrite && File.Exists(path))
        {
            throw new MaintenanceException(ExitCodes.Refused, "FILE_EXISTS", $"There is a file '{path}' already. Name another one, or replace it with --overwrite.");
        }
    }

    /// <summary>Removes what killed commands have left: a copy of the database must not lie about.</summary>
    private void RemoveUnfinished(string directory)
    {
        if (!Directory.Exists(directory))
        {
            throw new MaintenanceException(ExitCodes.NotWritten, "NO_DIRECTORY", $"There is no directory '{directory}'.");
        }

        // Where others may write, one of them can have made a directory of such a name, and in it a link for the lock to follow.
        foreach (var left in Directory.EnumerateDirectories(directory, UnfinishedPrefix + "*").Where(FileOwner.IsOwnDirectory))
        {
            try
            {
                // Given back before it is removed: Windows deletes no file that is open.
                using var alone = FileLock.TryTake(Path.Combine(left, LockName));
                if (alone is null)
                {
                    continue;
                }
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                _left.Add((left, e.Message));
                continue;
            }

            Remove(left);
        }
    }

    /// <summary>Never throws: what became of the backup is told, not what became of this.</summary>
    private void Remove(string directory)
    {
        try
        {
            Delete(directory);
        }
        catch (DirectoryNotFoundException)
        {
            // It could not even be made, or another command has removed it.
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _left.Add((directory, e.Message));
        }
    }
}
