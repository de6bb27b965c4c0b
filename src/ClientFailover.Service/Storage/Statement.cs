using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for running one prepared statement again and again. Goes below SqliteCommand, which looks up every
/// parameter by name and makes a reader each time: that took more time than SQLite itself.
/// </summary>
internal sealed class Statement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares a statement.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The statement, with parameters numbered from ?1.</param>
    public Statement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new ArgumentException("The connection is not open.", nameof(connection));
        Check(raw.sqlite3_prepare_v3(_database, sql, raw.SQLITE_PREPARE_PERSISTENT, out _statement));
    }

    /// <summary>Sets a parameter; null is NULL. Parameters keep their values from run to run.</summary>
    /// <param name="parameter">Its number, from 1.</param>
    /// <param name="value">The value.</param>
    /// <returns>This statement.</returns>
    public Statement Bind(int parameter, long? value)
    {
        Check(value is { } number ? raw.sqlite3_bind_int64(_statement, parameter, number) : raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    /// <inheritdoc cref="Bind(int, long?)"/>
    public Statement Bind(int parameter, string? value)
    {
        Check(value is not null ? raw.sqlite3_bind_text(_statement, parameter, value) : raw.sqlite3_bind_null(_statement, parameter));
        return this;
    }

    /// <summary>Runs it.</summary>
    public void Run()
    {
        try
        {
            var result = raw.sqlite3_step(_statement);
            Check(result == raw.SQLITE_DONE ? raw.SQLITE_OK : result);
        }
        finally
        {
            // Repeats the error of the step, which is told already.
            _ = raw.sqlite3_reset(_statement);
        }
    }

    /// <summary>Runs it and reads two numbers of its one row.</summary>
    /// <returns>The first two columns.</returns>
    /// <exception cref="InvalidOperationException">There is no row.</exception>
    public (long First, long Second) ReadPair()
    {
        try
        {
            switch (raw.sqlite3_step(_statement))
            {
                case raw.SQLITE_ROW:
                    return (raw.sqlite3_column_int64(_statement, 0), raw.sqlite3_column_int64(_statement, 1));
                case raw.SQLITE_DONE:
                    throw new InvalidOperationException("The statement returned no row.");
                case var result:
                    Check(result);
                    return default;
            }
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Check(int result) => SqliteException.ThrowExceptionForRC(result, _database);
}
