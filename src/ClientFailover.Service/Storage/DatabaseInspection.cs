using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for finding out what a file is, without changing it: whether it is a database of this service, of which version,
/// and whole. Reads all of it, unlike the start of the service.
/// </summary>
internal static class DatabaseInspection
{
    /// <summary>Opens a file that the service may be using. Nothing holds it any more when the connection is disposed of.</summary>
    /// <param name="path">The file, which exists.</param>
    /// <returns>The connection.</returns>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static SqliteConnection OpenReadOnly(string path)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false, DefaultTimeout = 30 }.ToString());
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Inspects a file; the service may be using it.</summary>
    /// <param name="path">The file, which exists.</param>
    /// <returns>What was found.</returns>
    /// <exception cref="SqliteException">It cannot be read for a reason that tells nothing of its content, such as a failing disk.</exception>
    public static DatabaseFinding Inspect(string path)
    {
        try
        {
            using var connection = OpenReadOnly(path);
            if (connection.Scalar("PRAGMA application_id") != DatabaseFile.ApplicationId)
            {
                return new DatabaseFinding(0, "It is a database of another program.");
            }

            var version = connection.Scalar("PRAGMA user_version");
            if (version > SchemaMigrations.Latest)
            {
                return new DatabaseFinding(version, $"Its schema is version {version}, and this program knows versions up to {SchemaMigrations.Latest}: a newer version of the service has written it.");
            }

            if (version < 1)
            {
                return new DatabaseFinding(version, "It has no schema.");
            }

            if (connection.Text("PRAGMA integrity_check(1)") is var finding && finding != "ok")
            {
                return new DatabaseFinding(version, $"It is damaged ({Sentence(finding ?? "no answer")}).");
            }

            return connection.Text("SELECT \"table\" FROM pragma_foreign_key_check LIMIT 1") is { } table
                ? new DatabaseFinding(version, $"It is damaged (rows of {table} belong to none).")
                : new DatabaseFinding(version, null);
        }
        catch (SqliteException e) when (e.SqliteErrorCode is SQLitePCL.raw.SQLITE_CORRUPT or SQLitePCL.raw.SQLITE_NOTADB)
        {
            return new DatabaseFinding(0, $"It is damaged ({StoreFailure.Describe(e)}).");
        }
    }

    private static string Sentence(string text) => text.ReplaceLineEndings(" ").Trim();
}

/// <summary>What was found out about a database.</summary>
/// <param name="SchemaVersion">Version of its schema; 0: not known.</param>
/// <param name="Problem">Why this program cannot use it, a sentence; null: it can.</param>
internal sealed record DatabaseFinding(long SchemaVersion, string? Problem);
