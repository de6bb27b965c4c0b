using System.Globalization;
using ClientFailover.Service.Hosting;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for the file: creates it, and refuses one that this program must not write. What it refuses it leaves
/// as it is.
/// </summary>
/// <param name="options">Where it is.</param>
internal sealed class DatabaseFile(StoreOptions options)
{
    /// <summary>The name of the database in the data directory.</summary>
    public const string FileName = "clientfailover.db";

    /// <summary>Marks the file as this service's ("CFOV").</summary>
    public const long ApplicationId = 0x43464F56;

    /// <summary>
    /// The largest file whose structure is checked at start: a check reads every page, 64 MiB in about a tenth of a
    /// second, and a start must not take longer than a takeover. Of a larger one the state is read, not the history.
    /// </summary>
    private const long LargestChecked = 64 * 1024 * 1024;

    private static readonly byte[] Magic = "SQLite format 3\0"u8.ToArray();

    /// <summary>The full path.</summary>
    public string Path { get; } = System.IO.Path.Combine(System.IO.Path.GetFullPath(options.DataDirectory), FileName);

    /// <summary>Checks the file, creates it when there is none, and brings it to this program's version.</summary>
    /// <exception cref="StoreUnusableException">It cannot be used.</exception>
    public void Prepare()
    {
        try
        {
            PrepareDirectory();
            if (!File.Exists(Path))
            {
                Create();
            }

            CheckHeader();

            // Read-only: to open it for writing would turn a file of another program to WAL.
            using (var connection = Open(SqliteOpenMode.ReadOnly, pooling: false))
            {
                CheckContent(connection);
            }

            using var writer = OpenWriter();
            SchemaMigrations.Apply(writer, SchemaMigrations.All);
        }
        catch (SqliteException e)
        {
            throw Unusable(e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StoreUnusableException(
                $"The database {Path} cannot be used: {e.Message} Give the service's account the right to write in that directory, or set another DataDirectory.", e, isPassing: true);
        }
    }

    /// <summary>Opens the file as it is, only to read: it is neither created nor brought to this program's version.</summary>
    /// <returns>The connection.</returns>
    /// <exception cref="StoreUnusableException">It cannot be used.</exception>
    /// <exception cref="StartupException">It is of an older version.</exception>
    public SqliteConnection OpenUnchanged()
    {
        try
        {
            CheckHeader();
            var connection = Open(SqliteOpenMode.ReadOnly, pooling: false);
            try
            {
                CheckContent(connection);
                return connection.Scalar("PRAGMA user_version") is var version && version == SchemaMigrations.Latest
                    ? connection
                    : throw new StartupException(
                        ExitCodes.Refused,
                        $"The database {Path} was written by an older version of the service: its schema is version {version}, and this program reads "
                        + $"version {SchemaMigrations.Latest}. The service brings it there when it is started.");
            }
            catch
            {
                connection.Dispose();
                throw;
            }
        }
        catch (SqliteException e)
        {
            throw Unusable(e);
        }
    }

    /// <summary>Opens the connection that writes.</summary>
    /// <returns>The connection.</returns>
    public SqliteConnection OpenWriter()
    {
        var connection = Open(SqliteOpenMode.ReadWrite, pooling: false);
        try
        {
            // SqliteCommand waits for a lock by a clock of its own, 30 s by default, after busy_timeout has passed.
            connection.DefaultTimeout = 1;
            var busy = (long)options.BusyTimeout.TotalMilliseconds;
            connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA busy_timeout = {busy}"));
            connection.Run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA journal_size_limit = 16777216;");
            options.WriterOpened?.Invoke(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Opens a connection that only reads. Disposed, it is kept for the next reader.</summary>
    /// <returns>The connection.</returns>
    public SqliteConnection OpenReader() => Open(SqliteOpenMode.ReadOnly, pooling: true);

    /// <summary>Closes the connections that are kept for readers.</summary>
    public void CloseReaders()
    {
        using var any = new SqliteConnection(ConnectionString(Path, SqliteOpenMode.ReadOnly, pooling: true));
        SqliteConnection.ClearPool(any);
    }

    /// <summary>Says what a failure to open or to read means to the person who starts the service.</summary>
    /// <param name="error">The failure.</param>
    /// <returns>What to throw.</returns>
    public StoreUnusableException Unusable(SqliteException error) => error.SqliteErrorCode switch
    {
        raw.SQLITE_CORRUPT => Damaged(error.Message, error),
        raw.SQLITE_NOTADB => NotADatabase(error),
        _ when StoreFailure.IsDiskFull(error) => new StoreUnusableException(
            $"The database {Path} cannot be opened: the disk is full. Free some space and start the service again.", error, isPassing: true),
        raw.SQLITE_BUSY or raw.SQLITE_LOCKED => new StoreUnusableException(
            $"The database {Path} cannot be opened: another program has locked it. Stop that program and start the service again.", error, isPassing: true),
        raw.SQLITE_READONLY or raw.SQLITE_CANTOPEN or raw.SQLITE_PERM => new StoreUnusableException(
            $"The database {Path} cannot be opened for writing ({error.Message}). Give the service's account the right to write the file and its directory.", error, isPassing: true),
        _ => new StoreUnusableException(
            $"The database {Path} cannot be opened ({error.Message}). Check the disk, and start the service again.", error, isPassing: StoreFailure.IsPassing(error)),
    };

    /// <summary>Says what to do about a file whose content makes no sense.</summary>
    /// <param name="finding">What was found.</param>
    /// <param name="inner">What was thrown; null: nothing.</param>
    /// <returns>What to throw.</returns>
    public StoreUnusableException Damaged(string finding, Exception? inner) => new(
        $"The database {Path} is damaged ({finding.ReplaceLineEndings(" ").Trim()}). Check the disk and restore a backup; to start with an empty database, move the file and {Path}-wal away.", inner);

    private static string ConnectionString(string path, SqliteOpenMode mode, bool pooling) =>
        new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = pooling }.ToString();

    private SqliteConnection Open(SqliteOpenMode mode, bool pooling)
    {
        var connection = new SqliteConnection(ConnectionString(Path, mode, pooling));
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

    private void PrepareDirectory()
    {
        var directory = System.IO.Path.GetDirectoryName(Path)!;
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(directory);
        }
        else
        {
            Directory.CreateDirectory(directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        // Found out here, where the message can say so; SQLite would say "unable to open database file".
        using var probe = new FileStream(
            System.IO.Path.Combine(directory, $".{FileName}.probe"), FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
    }

    private void Create()
    {
        if (new FileInfo(Path + "-wal") is { Exists: true, Length: > 0 })
        {
            throw new StoreUnusableException(
                $"The database {Path} is missing, but its log {Path}-wal is there: the file was moved or deleted while it was in use. "
                + "Put the file back or restore a backup; to start with an empty database, move the log away.");
        }

        // Under another name until it is complete: a file of the real name is never one that was begun.
        var unfinished = Path + ".new";
        File.Delete(unfinished);
        File.Delete(unfinished + "-journal");

        // SQLite would make it readable by everyone; what it makes beside it gets the rights of this one.
        new FileStream(unfinished, PrivateFiles.Options(FileMode.CreateNew)).Dispose();
        using (var connection = new SqliteConnection(ConnectionString(unfinished, SqliteOpenMode.ReadWriteCreate, pooling: false)))
        {
            connection.Open();
            connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA synchronous = FULL; PRAGMA application_id = {ApplicationId}"));
            SchemaMigrations.Apply(connection, SchemaMigrations.All);
        }

        File.Move(unfinished, Path);
    }

    private void CheckHeader()
    {
        using var file = new FileStream(Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var start = new byte[Magic.Length];
        if (file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false) < start.Length || !start.AsSpan().SequenceEqual(Magic))
        {
            throw NotADatabase(null);
        }
    }

    private void CheckContent(SqliteConnection connection)
    {
        if (connection.Scalar("PRAGMA application_id") != ApplicationId)
        {
            throw new StoreUnusableException(
                $"The file {Path} is a database of another program. Set another DataDirectory, or move the file away.");
        }

        if (connection.Scalar("PRAGMA user_version") is var version && version > SchemaMigrations.Latest)
        {
            throw new StoreUnusableException(
                $"The database {Path} was written by a newer version of the service: its schema is version {version}, and this program knows "
                + $"versions up to {SchemaMigrations.Latest}. Start the newer version, or restore a backup made with this one.");
        }

        if (new FileInfo(Path).Length <= LargestChecked && connection.Text("PRAGMA quick_check(1)") is var finding && finding != "ok")
        {
            throw Damaged(finding ?? "no answer", null);
        }
    }

    private StoreUnusableException NotADatabase(Exception? inner) => new(
        $"The file {Path} is not a database, or its beginning is damaged. Restore a backup; to start with an empty database, move the file and {Path}-wal away.", inner);
}
