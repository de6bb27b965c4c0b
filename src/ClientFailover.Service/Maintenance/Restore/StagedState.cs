using System.Text.Json;
using ClientFailover.Service.Identity;
using ClientFailover.Service.Maintenance.Backup;
using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Maintenance.Restore;

/// <summary>
/// Responsible for making an unpacked backup ready to be served from: judges it as the service would, brings the database to this
/// program's schema, and puts the terms beyond any that were told after the backup was made.
/// </summary>
internal static class StagedState
{
    /// <summary>
    /// How many terms of each group may have been told since the backup was made: a role change a minute for two years. A fencing
    /// token that was used must not be given again.
    /// </summary>
    public const long Terms = 1_000_000;

    /// <summary>How many revisions, likewise.</summary>
    public const long Revisions = 1_000_000_000;

    /// <summary>Makes it ready.</summary>
    /// <param name="directory">Where it was unpacked.</param>
    /// <param name="manifest">What the backup tells of itself.</param>
    /// <returns>What is in it, for people.</returns>
    /// <exception cref="MaintenanceException">It cannot be used.</exception>
    public static string Prepare(string directory, BackupManifest manifest)
    {
        var database = Path.Combine(directory, DatabaseFile.FileName);
        if (!File.Exists(database))
        {
            throw MaintenanceException.Damaged("it has no database.");
        }

        var finding = DatabaseInspection.Inspect(database);
        if (finding.Problem is { } problem || finding.SchemaVersion != manifest.SchemaVersion)
        {
            throw MaintenanceException.Damaged($"its database is not what it was. {finding.Problem}".TrimEnd());
        }

        var accounts = ReadAccounts(Path.Combine(directory, UserFile.Name));
        var content = PrepareDatabase(database);
        Flush(directory);
        return $"{content}, {accounts} accounts";
    }

    private static int ReadAccounts(string path)
    {
        try
        {
            return File.Exists(path) ? UserFile.Read(path).Count : 0;
        }
        catch (InvalidDataException e)
        {
            throw MaintenanceException.Damaged("its accounts make no sense.", e);
        }
    }

    private static string PrepareDatabase(string path)
    {
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadWrite, Pooling = false, ForeignKeys = true }.ToString());
            connection.Open();
            connection.Run("PRAGMA synchronous = FULL");
            SchemaMigrations.Apply(connection, SchemaMigrations.All);

            // As after a kill, the next start counts everything as used up to here.
            connection.Run(string.Create(
                System.Globalization.CultureInfo.InvariantCulture,
                $"""
                BEGIN;
                UPDATE groups SET term_reserved = max(term_reserved, term) + {Terms};
                UPDATE meta SET clean_stop = 0, revision_reserved = max(revision_reserved, revision) + {Revisions};
                COMMIT;
                """));
            var groups = StoreReader.ReadGroups(connection, CancellationToken.None);
            _ = StoreReader.ReadAccessLists(connection);
            _ = StoreReader.ReadSilences(connection);
            _ = TenantStatements.Read(connection);
            _ = ConfigurationStatements.Read(connection);
            return $"{groups.Count(g => g.State.Configuration is not null)} groups, {groups.Sum(g => g.State.Sessions.Count)} sessions";
        }
        catch (Exception e) when (e is JsonException or InvalidCastException or (SqliteException and not { SqliteErrorCode: SQLitePCL.raw.SQLITE_FULL or SQLitePCL.raw.SQLITE_IOERR }))
        {
            throw MaintenanceException.Damaged($"its database makes no sense: {e.Message.ReplaceLineEndings(" ")}", e);
        }
    }

    private static void Flush(string directory)
    {
        foreach (var child in Directory.EnumerateDirectories(directory, "*", SearchOption.AllDirectories).Prepend(directory))
        {
            Hosting.DurableFile.SyncDirectory(child);
        }

        Hosting.DurableFile.SyncDirectory(Path.GetDirectoryName(directory)!);
    }
}
