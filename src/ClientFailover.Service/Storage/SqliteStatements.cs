using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>Short forms for statements that are run once.</summary>
internal static class SqliteStatements
{
    /// <summary>Runs a statement, or several.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The statements.</param>
    /// <param name="transaction">The transaction the connection is in; null: none.</param>
    public static void Run(this SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = Command(connection, sql, transaction);
        command.ExecuteNonQuery();
    }

    /// <summary>Reads one number.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The query.</param>
    /// <param name="transaction">The transaction the connection is in; null: none.</param>
    /// <returns>The first column of the first row.</returns>
    public static long Scalar(this SqliteConnection connection, string sql, SqliteTransaction? transaction = null)
    {
        using var command = Command(connection, sql, transaction);
        return Convert.ToInt64(command.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture);
    }

    /// <summary>Reads one text.</summary>
    /// <param name="connection">The connection.</param>
    /// <param name="sql">The query.</param>
    /// <returns>The first column of the first row.</returns>
    public static string? Text(this SqliteConnection connection, string sql)
    {
        using var command = Command(connection, sql, null);
        return command.ExecuteScalar() as string;
    }

    private static SqliteCommand Command(SqliteConnection connection, string sql, SqliteTransaction? transaction)
    {
        var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants and embedded scripts of this program.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.Transaction = transaction;
        return command;
    }
}
