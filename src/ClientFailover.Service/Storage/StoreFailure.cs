using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClientFailover.Service.Storage;

/// <summary>Responsible for saying, to people, why the database could not be written.</summary>
internal static class StoreFailure
{
    /// <summary>Describes a failure.</summary>
    /// <param name="error">What was thrown.</param>
    /// <returns>A sentence without its full stop.</returns>
    public static string Describe(Exception error) => error switch
    {
        SqliteException e when IsDiskFull(e) => "the disk is full",
        SqliteException { SqliteErrorCode: raw.SQLITE_BUSY or raw.SQLITE_LOCKED } => "another program has locked the database",
        SqliteException { SqliteErrorCode: raw.SQLITE_READONLY or raw.SQLITE_PERM } => "the database is read-only",
        SqliteException { SqliteErrorCode: raw.SQLITE_CANTOPEN } => "the database file cannot be opened",
        SqliteException { SqliteErrorCode: raw.SQLITE_CORRUPT or raw.SQLITE_NOTADB } => "the database is damaged",
        SqliteException { SqliteErrorCode: raw.SQLITE_IOERR } e => $"the disk reports an error ({raw.sqlite3_errstr(e.SqliteExtendedErrorCode).utf8_to_string()}, {e.SqliteExtendedErrorCode})",
        _ => error.Message,
    };

    /// <summary>Whether the database cannot be used for what is around it: the disk, rights, memory, another program. Its content is well.</summary>
    /// <param name="error">What was thrown.</param>
    /// <returns>True: the next try may succeed.</returns>
    public static bool IsPassing(SqliteException error) => error.SqliteErrorCode is raw.SQLITE_FULL or raw.SQLITE_IOERR
        or raw.SQLITE_BUSY or raw.SQLITE_LOCKED or raw.SQLITE_PROTOCOL
        or raw.SQLITE_READONLY or raw.SQLITE_PERM or raw.SQLITE_CANTOPEN or raw.SQLITE_NOMEM;

    /// <summary>Whether the disk is full. SQLite reports it as an I/O error when it cannot make its shared memory file.</summary>
    /// <param name="error">What was thrown.</param>
    /// <returns>True: it is.</returns>
    public static bool IsDiskFull(SqliteException error) =>
        error.SqliteErrorCode == raw.SQLITE_FULL || error.SqliteExtendedErrorCode == raw.SQLITE_IOERR_SHMSIZE;
}
