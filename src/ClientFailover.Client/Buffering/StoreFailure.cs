using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClientFailover.Client.Buffering;

/// <summary>Responsible for saying, to people, what is wrong with the disk.</summary>
internal static class StoreFailure
{
    /// <summary>Describes a failure.</summary>
    /// <param name="error">What was thrown.</param>
    /// <returns>A sentence without its full stop.</returns>
    public static string Describe(Exception error) => error switch
    {
        SqliteException e when e.SqliteErrorCode == raw.SQLITE_FULL || e.SqliteExtendedErrorCode == raw.SQLITE_IOERR_SHMSIZE => "the disk is full",
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => "another program has locked the file",
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY or raw.SQLITE_PERM } => "the file is read-only",
        SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN } => "the file cannot be opened",
        SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } => "the file is damaged",
        SqliteException { SqliteErrorCode: raw.SQLITE_IOERR } e => $"the disk reports an error ({raw.sqlite3_errstr(e.SqliteExtendedErrorCode).utf8_to_string()}, {e.SqliteExtendedErrorCode})",
        _ => error.Message.TrimEnd('.'),
    };

    /// <summary>Whether the file is what is wrong, not the disk.</summary>
    /// <param name="error">What was thrown.</param>
    /// <returns>True: nothing but another file helps.</returns>
    public static bool IsDamage(Exception error) =>
        error is InvalidDataException or SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB };

    /// <summary>The same while the file is opened, when a statement that is not understood means that a table is missing.</summary>
    /// <param name="error">What was thrown.</param>
    /// <returns>True: nothing but another file helps.</returns>
    public static bool IsDamageWhenOpened(Exception error) =>
        IsDamage(error) || error is InvalidCastException or SqliteException { SqliteErrorCode: raw.SQLITE_ERROR };
}
