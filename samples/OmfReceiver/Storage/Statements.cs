using ClientFailover.Samples.OmfReceiver.Omf;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Samples.OmfReceiver.Storage;

/// <summary>Responsible for the tables and for what is written to them. Used by one thread at a time.</summary>
internal sealed class Statements : IDisposable
{
    private const string Schema = """
        PRAGMA journal_mode = WAL;
        PRAGMA synchronous = FULL;
        CREATE TABLE IF NOT EXISTS type (id TEXT PRIMARY KEY, definition TEXT NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS container (key INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, type TEXT NOT NULL);
        -- One data message: times are UTC, in ticks of 100 ns since the year 1.
        CREATE TABLE IF NOT EXISTS request (
            key INTEGER PRIMARY KEY, arrived INTEGER NOT NULL, sender TEXT NOT NULL,
            added INTEGER NOT NULL DEFAULT 0, duplicates INTEGER NOT NULL DEFAULT 0);
        CREATE TABLE IF NOT EXISTS value (
            container INTEGER NOT NULL, time INTEGER NOT NULL, sequence INTEGER, request INTEGER NOT NULL, json TEXT NOT NULL,
            PRIMARY KEY (container, time)) WITHOUT ROWID;
        -- Values that were there: conflict says that what is there reads otherwise.
        CREATE TABLE IF NOT EXISTS duplicate (container INTEGER NOT NULL, time INTEGER NOT NULL, request INTEGER NOT NULL, conflict INTEGER NOT NULL);
        CREATE INDEX IF NOT EXISTS duplicate_container ON duplicate (container);
        """;

    private readonly SqliteCommand _insertType;
    private readonly SqliteCommand _insertContainer;
    private readonly SqliteCommand _insertRequest;
    private readonly SqliteCommand _countRequest;
    private readonly SqliteCommand _insertValue;
    private readonly SqliteCommand _insertDuplicate;

    public Statements(SqliteConnection connection)
    {
        using var schema = connection.CreateCommand();
        schema.CommandText = Schema;
        schema.ExecuteNonQuery();

        SqliteCommand Prepare(string text, params string[] parameters)
        {
            var command = connection.CreateCommand();
            command.CommandText = text;
            foreach (var parameter in parameters)
            {
                command.Parameters.Add(new SqliteParameter(parameter, null));
            }

            return command;
        }

        _insertType = Prepare("INSERT INTO type VALUES ($id, $definition)", "$id", "$definition");
        _insertContainer = Prepare("INSERT INTO container (id, type) VALUES ($id, $type) RETURNING key", "$id", "$type");
        _insertRequest = Prepare("INSERT INTO request (sender, arrived) VALUES ($sender, $arrived) RETURNING key", "$sender", "$arrived");
        _countRequest = Prepare("UPDATE request SET added = $added, duplicates = $duplicates WHERE key = $key", "$key", "$added", "$duplicates");
        _insertValue = Prepare(
            "INSERT OR IGNORE INTO value VALUES ($container, $time, $sequence, $request, $json)", "$container", "$time", "$sequence", "$request", "$json");
        _insertDuplicate = Prepare(
            """
            INSERT INTO duplicate
            SELECT $container, $time, $request, json <> $json FROM value WHERE container = $container AND time = $time
            """,
            "$container", "$time", "$request", "$json");
    }

    public void InsertType(TypeDefinition type) => Run(_insertType, type.Id, type.Json);

    /// <returns>Its key.</returns>
    public long InsertContainer(ContainerDefinition container) => Scalar(_insertContainer, container.Id, container.TypeId);

    /// <returns>Its key.</returns>
    public long InsertRequest(string sender, long arrived) => Scalar(_insertRequest, sender, arrived);

    public void CountRequest(long request, long added, long duplicates) => Run(_countRequest, request, added, duplicates);

    /// <returns>Whether it was not there before.</returns>
    public bool InsertValue(in Row row, long request)
    {
        if (Run(_insertValue, row.Container, row.Time, row.Sequence, request, row.Json) > 0)
        {
            return true;
        }

        Run(_insertDuplicate, row.Container, row.Time, request, row.Json);
        return false;
    }

    public void Dispose()
    {
        foreach (var command in (SqliteCommand[])[_insertType, _insertContainer, _insertRequest, _countRequest, _insertValue, _insertDuplicate])
        {
            command.Dispose();
        }
    }

    private static SqliteCommand Bind(SqliteCommand command, object?[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }

        return command;
    }

    private static int Run(SqliteCommand command, params object?[] values) => Bind(command, values).ExecuteNonQuery();

    private static long Scalar(SqliteCommand command, params object?[] values) => (long)Bind(command, values).ExecuteScalar()!;
}
