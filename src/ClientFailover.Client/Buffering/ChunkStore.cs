using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for the chunks on the disk: one row for what is known of a chunk, so that all of them are listed quickly, and one for
/// its content. One thread writes; another may read at the same time.
/// </summary>
internal sealed class ChunkStore : IDisposable
{
    /// <summary>Marks the file as a buffer ("CFOB").</summary>
    private const long ApplicationId = 0x43464F42;

    // Few pages a chunk, and yet little to write for a single item.
    private const int PageSize = 8192;

    private readonly SqliteConnection _writer;
    private readonly SqliteConnection _reader;
    private readonly Lock _reading = new();
    private readonly string _wal;
    private readonly SqliteCommand _insertRow;
    private readonly SqliteCommand _insertContent;
    private readonly SqliteCommand _deleteRow;
    private readonly SqliteCommand _deleteContent;
    private readonly SqliteCommand _select;
    private bool _isDisposed;

    private ChunkStore(string path, SqliteConnection writer, SqliteConnection reader)
    {
        (_writer, _reader, _wal) = (writer, reader, path + "-wal");
        _insertRow = writer.Prepare("INSERT OR REPLACE INTO chunk VALUES ($1, $2, $3, $4, $5, $6, $7, $8)", 8);
        _insertContent = writer.Prepare("INSERT OR REPLACE INTO content VALUES ($1, $2)", 2);
        _deleteRow = writer.Prepare("DELETE FROM chunk WHERE id = $1", 1);
        _deleteContent = writer.Prepare("DELETE FROM content WHERE id = $1", 1);
        _select = reader.Prepare("SELECT content FROM content WHERE id = $1", 1);
    }

    /// <summary>Size of the log.</summary>
    public long LogSize => new FileInfo(_wal) is { Exists: true, Length: var length } ? length : 0;

    /// <summary>Size of the file, without the log.</summary>
    public long FileSize => _writer.Scalar("PRAGMA page_count") * PageSize;

    /// <summary>Of it, what is free.</summary>
    public long FreeSize => _writer.Scalar("PRAGMA freelist_count") * PageSize;

    /// <summary>Whether some of it may be in nobody else's buffer. Set within a transaction.</summary>
    public bool IsUnshared
    {
        get => _writer.Scalar("SELECT count(*) FROM unshared") > 0;
        set => _writer.Run(value ? "INSERT OR REPLACE INTO unshared VALUES (1)" : "DELETE FROM unshared");
    }

    /// <summary>Opens a buffer, or makes an empty one.</summary>
    /// <param name="path">The file.</param>
    /// <param name="mostLog">To what size the log is cut when it begins anew.</param>
    /// <param name="opened">What else to do to the connection that writes, for tests.</param>
    /// <returns>The store.</returns>
    /// <exception cref="InvalidDataException">It is no buffer, is damaged, or is of a newer version.</exception>
    /// <exception cref="SqliteException">It cannot be opened.</exception>
    public static ChunkStore Open(string path, long mostLog, Action<SqliteConnection>? opened)
    {
        SqliteConnection? writer = null, reader = null;
        try
        {
            writer = Connect(path, SqliteOpenMode.ReadWriteCreate);
            Prepare(writer, mostLog);
            opened?.Invoke(writer);
            reader = Connect(path, SqliteOpenMode.ReadOnly);
            return new ChunkStore(path, writer, reader);
        }
        catch (Exception e)
        {
            reader?.Dispose();
            writer?.Dispose();
            if (StoreFailure.IsDamageWhenOpened(e))
            {
                throw new InvalidDataException(StoreFailure.Describe(e), e);
            }

            throw;
        }
    }

    /// <summary>Lists the chunks.</summary>
    /// <returns>The chunks, oldest first.</returns>
    /// <exception cref="InvalidDataException">The file is damaged.</exception>
    public List<ChunkRow> ReadIndex()
    {
        try
        {
            var rows = new List<ChunkRow>();
            using var command = _writer.CreateCommand();
            command.CommandText = "SELECT id, total, count, bytes, source_min, source_max, received_min, received_max FROM chunk ORDER BY id";
            using var reader = command.ExecuteReader();
            while (reader.Read())
            {
                var times = new TimeSpans(reader.GetInt64(4), reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7));
                var row = new ChunkRow(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt64(3), times);
                if (row.Total is < 1 or > Chunk.MaxItems || row.Count < 1 || row.Count > row.Total || !times.ArePossible)
                {
                    throw new InvalidDataException("the index has impossible numbers");
                }

                rows.Add(row);
            }

            return rows;
        }
        catch (Exception e) when (StoreFailure.IsDamageWhenOpened(e))
        {
            throw new InvalidDataException(StoreFailure.Describe(e), e);
        }
    }

    /// <summary>Reads a content.</summary>
    /// <param name="id">The number of the chunk.</param>
    /// <returns>The content; null: there is none.</returns>
    public byte[]? Read(long id)
    {
        lock (_reading)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            _select.Parameters[0].Value = id;
            using var reader = _select.ExecuteReader();
            return reader.Read() ? reader.GetFieldValue<byte[]>(0) : null;
        }
    }

    /// <summary>Begins a transaction.</summary>
    public void Begin() => _writer.Run("BEGIN IMMEDIATE");

    /// <summary>Ends it. Survives the process, and with the next <see cref="Checkpoint"/> the machine.</summary>
    public void Commit() => _writer.Run("COMMIT");

    /// <summary>Takes it back.</summary>
    public void Rollback()
    {
        try
        {
            _writer.Run("ROLLBACK");
        }
        catch (SqliteException)
        {
            // SQLite has done so itself. The failure that led here is the one to tell.
        }
    }

    /// <summary>Deletes a chunk.</summary>
    /// <param name="id">Its number.</param>
    public void Delete(long id)
    {
        _deleteRow.Run(id);
        _deleteContent.Run(id);
    }

    /// <summary>Writes a chunk, also over an older state of it.</summary>
    /// <param name="row">What is known of it.</param>
    /// <param name="content">Its content.</param>
    public void Write(ChunkRow row, byte[] content)
    {
        var times = row.Times;
        _insertRow.Run(row.Id, row.Total, row.Count, row.Bytes, times.SourceMin, times.SourceMax, times.ReceivedMin, times.ReceivedMax);
        _insertContent.Run(row.Id, content);
    }

    /// <summary>Writes something, to know whether it can.</summary>
    public void Probe() => _writer.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {ChunkCodec.Version}"));

    /// <summary>What was committed survives the machine; the log begins anew.</summary>
    /// <param name="mostLog">A log that is larger is cut.</param>
    public void Checkpoint(long mostLog) => _writer.Run(LogSize > mostLog ? "PRAGMA wal_checkpoint(TRUNCATE)" : "PRAGMA wal_checkpoint(PASSIVE)");

    /// <summary>Gives free pages back to the file system.</summary>
    /// <param name="bytes">How much at most.</param>
    public void Shrink(long bytes) => _writer.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA incremental_vacuum({bytes / PageSize})"));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_reading)
        {
            _isDisposed = true;
            _select.Dispose();
            _reader.Dispose();
        }

        _insertRow.Dispose();
        _insertContent.Dispose();
        _deleteRow.Dispose();
        _deleteContent.Dispose();
        _writer.Dispose();
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Mode = mode, Pooling = false }.ToString());
        try
        {
            // SqliteCommand waits for a lock by a clock of its own, 30 s by default. Nobody else ought to have one.
            connection.DefaultTimeout = 1;
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void Prepare(SqliteConnection writer, long mostLog)
    {
        var (application, version) = (writer.Scalar("PRAGMA application_id"), writer.Scalar("PRAGMA user_version"));
        var isNew = application == 0 && version == 0 && writer.Scalar("SELECT count(*) FROM sqlite_schema") == 0;
        if (!isNew && application != ApplicationId)
        {
            throw new InvalidDataException("it is a database of another program");
        }

        if (version > ChunkCodec.Version)
        {
            throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"it is of version {version}, written by a newer program; this one knows versions up to {ChunkCodec.Version}"));
        }

        // The log is flushed by checkpoints, at least each second; a commit only hands it to the system.
        writer.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA page_size = {PageSize}; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = WAL; "
            + $"PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0; PRAGMA journal_size_limit = {mostLog}; PRAGMA secure_delete = OFF; PRAGMA temp_store = MEMORY"));
        if (isNew)
        {
            writer.Run(string.Create(CultureInfo.InvariantCulture, $"""
                BEGIN IMMEDIATE;
                CREATE TABLE chunk (id INTEGER PRIMARY KEY, total INTEGER NOT NULL, count INTEGER NOT NULL, bytes INTEGER NOT NULL,
                    source_min INTEGER NOT NULL, source_max INTEGER NOT NULL, received_min INTEGER NOT NULL, received_max INTEGER NOT NULL);
                CREATE TABLE content (id INTEGER PRIMARY KEY, content BLOB NOT NULL);
                PRAGMA application_id = {ApplicationId};
                PRAGMA user_version = {ChunkCodec.Version};
                COMMIT;
                """));
        }

        writer.Run("CREATE TABLE IF NOT EXISTS unshared (id INTEGER PRIMARY KEY)");
    }
}
