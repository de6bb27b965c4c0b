using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>Responsible for running one prepared statement again and again, with values by position.</summary>
internal sealed class Statement : IDisposable
{
    private readonly SqliteCommand _command;

    /// <summary>Prepares a statement.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The statement, with parameters named $0, $1 and so on.</param>
    /// <param name="parameters">How many parameters it has.</param>
    public Statement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this program.
        _command.CommandText = sql;
#pragma warning restore CA2100
        for (var i = 0; i < parameters; i++)
        {
            _command.Parameters.Add(new SqliteParameter($"${i}", null));
        }
    }

    /// <summary>Runs it.</summary>
    /// <param name="values">The values.</param>
    public void Run(params ReadOnlySpan<object?> values)
    {
        Bind(values);
        _command.ExecuteNonQuery();
    }

    /// <summary>Runs it and reads its one row.</summary>
    /// <typeparam name="T">What the row is.</typeparam>
    /// <param name="map">Reads the row.</param>
    /// <param name="values">The values.</param>
    /// <returns>The row.</returns>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Read<T>(Func<SqliteDataReader, T> map, params ReadOnlySpan<object?> values)
    {
        Bind(values);
        using var reader = _command.ExecuteReader();
        return reader.Read() ? map(reader) : throw new InvalidOperationException("The statement returned no row.");
    }

    /// <inheritdoc/>
    public void Dispose() => _command.Dispose();

    private void Bind(ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            _command.Parameters[i].Value = values[i] ?? DBNull.Value;
        }
    }
}
