using System.Globalization;
using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Maintenance.Checks;

/// <summary>Responsible for looking at the database, which the service may be writing at the same time.</summary>
internal static class DatabaseCheck
{
    private const string Name = "database";

    /// <summary>Checks it.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="known">What other checks need to know of it.</param>
    /// <returns>What was found.</returns>
    public static IReadOnlyList<CheckResult> Run(string directory, DatabaseFacts known)
    {
        var path = Path.Combine(directory, DatabaseFile.FileName);
        if (!File.Exists(path))
        {
            return [File.Exists(path + "-wal")
                ? CheckResult.Error(Name, "The database is missing, but its log is there: it was moved or deleted while it was in use.", "Put the file back, or restore a backup.")
                : CheckResult.Warning(Name, "There is no database yet.", "Start the service once, which makes it.")];
        }

        try
        {
            var finding = DatabaseInspection.Inspect(path);
            if (finding.Problem is { } problem)
            {
                var isNewer = finding.SchemaVersion > SchemaMigrations.Latest;
                return [CheckResult.Error(Name, problem, isNewer ? "Run the newer version of the service, or restore a backup made with this one." : "Check the disk and restore a backup.")];
            }

            return [Describe(path, finding.SchemaVersion, known)];
        }
        catch (Exception e) when (e is SqliteException or InvalidCastException or System.Text.Json.JsonException)
        {
            return [CheckResult.Error(Name, $"It cannot be read: {StoreFailure.Describe(e)}.", "Check the disk and the rights of its files; if it is damaged, restore a backup.")];
        }
    }

    private static CheckResult Describe(string path, long version, DatabaseFacts known)
    {
        using var connection = DatabaseInspection.OpenReadOnly(path);
        known.NewestEntry = connection.Scalar("SELECT coalesce(max(time), 0) FROM history") is > 0 and var ticks ? new DateTime(ticks, DateTimeKind.Utc) : null;
        known.HasSecrets = version == SchemaMigrations.Latest
            && ConfigurationStatements.Read(connection).HealthEndpoints.Any(e => e.Password is not null || e.ClientSecret is not null);
        var size = new FileInfo(path).Length;
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"It is whole: {connection.Scalar("SELECT count(*) FROM groups WHERE configured")} groups, {connection.Scalar("SELECT count(*) FROM sessions")} sessions, "
            + $"{connection.Scalar("SELECT count(*) FROM history")} entries of history, {size / 1024} KiB, schema version {version}.");
        return version < SchemaMigrations.Latest
            ? CheckResult.Warning(Name, text, $"The next start brings it to version {SchemaMigrations.Latest}, after which older versions of the service do not read it: make a backup before.")
            : CheckResult.Ok(Name, text);
    }
}

/// <summary>What is known of the database.</summary>
internal sealed class DatabaseFacts
{
    /// <summary>When the newest entry of history was made, UTC; null: there is none.</summary>
    public DateTime? NewestEntry { get; set; }

    /// <summary>Whether there are encrypted secrets in it.</summary>
    public bool HasSecrets { get; set; }
}
