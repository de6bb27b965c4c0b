using ClientFailover.Service.Hosting;
using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Maintenance.Backup;

/// <summary>
/// Responsible for a copy of the database as it is at one moment, while the service writes on: it takes a transaction that only
/// reads, which holds up nobody. The copy has no empty pages.
/// </summary>
internal static class DatabaseSnapshot
{
    /// <summary>Makes the copy and checks it: what is damaged is told when it is backed up, not when it is needed.</summary>
    /// <param name="source">The database.</param>
    /// <param name="target">Where the copy goes; must not exist.</param>
    /// <returns>Version of its schema.</returns>
    /// <exception cref="MaintenanceException">It is damaged, or there is no room.</exception>
    public static long Take(string source, string target)
    {
        try
        {
            using (var connection = DatabaseInspection.OpenReadOnly(source))
            {
                EnsureRoom(connection, target);
                using var copy = connection.CreateCommand();
                copy.CommandText = "VACUUM INTO $target";
                copy.CommandTimeout = 0;
                copy.Parameters.AddWithValue("$target", target);
                copy.ExecuteNonQuery();
            }

            var finding = DatabaseInspection.Inspect(target);
            return finding.Problem is { } problem
                ? throw new MaintenanceException(ExitCodes.DataNotReadable, "DATABASE_UNUSABLE", $"The database {source} cannot be backed up: {problem} Restore an earlier backup.")
                : finding.SchemaVersion;
        }
        catch (SqliteException e) when (StoreFailure.IsDiskFull(e))
        {
            throw NoRoom(target, e);
        }
        catch (SqliteException e)
        {
            throw new MaintenanceException(
                ExitCodes.DataNotReadable,
                "DATABASE_UNUSABLE",
                $"The database {source} cannot be read: {StoreFailure.Describe(e)}. Check the disk; if the database is damaged, restore an earlier backup.",
                e);
        }
    }

    /// <summary>Found out before anything is written: the target may be on the disk of the service, which must not be filled.</summary>
    private static void EnsureRoom(SqliteConnection connection, string target)
    {
        var pages = connection.Scalar("PRAGMA page_count") - connection.Scalar("PRAGMA freelist_count");
        if (Disk.FreeSpace(Path.GetDirectoryName(target)!) is { } free && free < pages * connection.Scalar("PRAGMA page_size"))
        {
            throw NoRoom(target, null);
        }
    }

    private static MaintenanceException NoRoom(string target, Exception? cause) => new(
        ExitCodes.NotWritten, "NO_ROOM", $"There is not enough room on the disk of {Path.GetDirectoryName(Path.GetDirectoryName(target))}. Free some, or write to another disk.", cause);
}
