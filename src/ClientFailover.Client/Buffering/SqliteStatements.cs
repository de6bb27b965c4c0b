using Microsoft.Data.Sqlite;

namespace ClientFailover.Client.Buffering;

/// <summary>Short forms for statements.</summary>
internal static class SqliteStatements
{
    /// <summary>Runs a statement, or several.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The statements.</param>
    public static void Run(this SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        command.ExecuteNonQuery();
    }

    /// <summary>Reads one number.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The query.</param>
    /// <returns>The first column of the first row.</returns>
    public static long Scalar(this SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Prepares a statement that is run again and again.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The statement, with parameters $1, $2 and so on.</param>
    /// <param name="parameters">How many.</param>
    /// <returns>The statement.</returns>
    public static SqliteCommand Prepare(this SqliteConnection connection, string sql, int parameters)
    {
        var command = Command(connection, sql);
        for (var i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"${i}"), null));
        }

        command.Prepare();
        return command;
    }

    /// <summary>Runs a prepared statement.</summary>
    /// <param name="command">The statement.</param>
    /// <param name="values">The values of its parameters.</param>
    public static void Run(this SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this program.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
