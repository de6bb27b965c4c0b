using ClientFailover.Service.Certificates;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Maintenance.Backup;

namespace ClientFailover.Service.Maintenance.Restore;

/// <summary>
/// Responsible for bringing back a backup: everything is unpacked and judged beside what is there, and only then put in its place.
/// </summary>
/// <param name="data">The data directory, locked.</param>
/// <param name="time">The clock.</param>
internal sealed class StateRestore(DataDirectory data, TimeProvider time)
{
    /// <summary>Brings it back.</summary>
    /// <param name="file">The backup.</param>
    /// <param name="passphrase">What it was encrypted with; null: nothing.</param>
    /// <param name="replace">Whether state that is there may be put aside.</param>
    /// <param name="keepCertificates">Whether the certificates stay as they are.</param>
    /// <returns>What was brought back.</returns>
    /// <exception cref="MaintenanceException">It was not; nothing was changed.</exception>
    public RestoredState Restore(FileStream file, string? passphrase, bool replace, bool keepCertificates)
    {
        using var accounts = FileLock.Take(data.File(UserFile.LockName), UserChanges.Patience)
            ?? throw new MaintenanceException(ExitCodes.DataDirectoryInUse, "USERS_LOCKED", "A command is changing the accounts. Try again when it has ended.");
        var there = BackupLayout.State.Where(n => File.Exists(data.File(n)) || Directory.Exists(data.File(n))).ToList();
        if (there.Count > 0 && !replace)
        {
            throw new MaintenanceException(
                ExitCodes.Refused,
                "STATE_EXISTS",
                $"The data directory '{data.Path}' has state ({string.Join(", ", there)}). Name another one, or replace it with --replace: what is there is kept beside it.");
        }

        var staging = data.File(RestoreSwitch.StagingName);
        try
        {
            PrivateFiles.CreateDirectoryOfService(staging);
            var manifest = BackupReader.Unpack(file, passphrase, staging, name => !keepCertificates || !name.StartsWith(CertificateFolder.Name + '/', StringComparison.Ordinal));
            var content = StagedState.Prepare(staging, manifest);

            // Without secrets a backup has nothing to put in the place of these.
            var leaving = there.Where(n => n switch
            {
                CertificateFolder.Name => manifest.HasSecrets && !keepCertificates,
                SecretProtection.DirectoryName => manifest.HasSecrets,
                _ => true,
            });
            var aside = RestoreSwitch.Make(data.Path, leaving, time.GetUtcNow().UtcDateTime);
            return new RestoredState(manifest, content, aside);
        }
        catch (Exception e) when (e is MaintenanceException or IOException or UnauthorizedAccessException or Microsoft.Data.Sqlite.SqliteException)
        {
            // Of what was begun nothing stays; once the switch is decided, it is finished instead.
            RestoreSwitch.Finish(data.Path);
            throw;
        }
    }
}

/// <summary>What was brought back.</summary>
/// <param name="Manifest">What the backup tells of itself.</param>
/// <param name="Content">What is in it, for people.</param>
/// <param name="Aside">Where the state is that was there before; null: there was none.</param>
internal sealed record RestoredState(BackupManifest Manifest, string Content, string? Aside);
