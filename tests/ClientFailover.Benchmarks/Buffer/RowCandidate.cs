extern alias client;

using client::ClientFailover.Client;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Benchmarks.Buffer;

/// <summary>The baseline: a row for each value, in the same database, written in the same pauses and flushed as often.</summary>
internal sealed class RowCandidate : IBufferCandidate
{
    private const int TicksAWrite = 2;
    private const int TicksAFlush = 8;

    private readonly List<DataItem> _tail = [];
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _trim;
    private readonly SqliteCommand _read;
    private readonly SqliteCommand _complete;
    private long _bound = long.MinValue;
    private int _ticks;

    /// <summary>Opens it.</summary>
    /// <param name="folder">Its folder.</param>
    public RowCandidate(string folder)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "rows.db")};Pooling=False");
        _connection.Open();
        Run("PRAGMA page_size = 8192; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA wal_autocheckpoint = 0");
        Run("CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, stream TEXT NOT NULL, source INTEGER NOT NULL, received INTEGER NOT NULL, payload BLOB NOT NULL)");
        _insert = Prepare("INSERT INTO item (stream, source, received, payload) VALUES ($1, $2, $3, $4)", 4);

        // By id, which is the order of receipt, so that it needs no second index.
        _trim = Prepare("DELETE FROM item WHERE id <= (SELECT coalesce(min(id) - 1, (SELECT max(id) FROM item)) FROM (SELECT id FROM item WHERE received > $1 ORDER BY id LIMIT 1)) AND source <= $1", 1);
        _read = Prepare("SELECT id, stream, source, received, payload FROM item ORDER BY id LIMIT $1", 1);
        _complete = Prepare("DELETE FROM item WHERE id <= $1", 1);
    }

    /// <inheritdoc/>
    public void Append(in DataItem item) => _tail.Add(item);

    /// <inheritdoc/>
    public Task TickAsync()
    {
        if (++_ticks % TicksAWrite == 0)
        {
            Write();
        }

        if (_ticks % TicksAFlush == 0)
        {
            Run("PRAGMA wal_checkpoint(PASSIVE)");
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public void Trim(DateTimeOffset bound) => _bound = bound.UtcTicks;

    /// <inheritdoc/>
    public Task<(long Last, int Count)> TakeAsync(int count)
    {
        Write();
        _read.Parameters[0].Value = count;
        long id = 0, last = -1;
        var items = new List<DataItem>(count);
        using (var reader = _read.ExecuteReader())
        {
            while (reader.Read())
            {
                id = reader.GetInt64(0);
                items.Add(new DataItem(
                    reader.GetString(1), new DateTimeOffset(reader.GetInt64(2), TimeSpan.Zero), new DateTimeOffset(reader.GetInt64(3), TimeSpan.Zero), reader.GetFieldValue<byte[]>(4)));
                last = BufferWorkload.Number(items[^1]);
            }
        }

        _complete.Parameters[0].Value = id;
        _complete.ExecuteNonQuery();
        return Task.FromResult((last, items.Count));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Write();
        _insert.Dispose();
        _trim.Dispose();
        _read.Dispose();
        _complete.Dispose();
        return _connection.DisposeAsync();
    }

    private void Write()
    {
        Run("BEGIN IMMEDIATE");
        if (_bound != long.MinValue)
        {
            _trim.Parameters[0].Value = _bound;
            _trim.ExecuteNonQuery();
            _bound = long.MinValue;
        }

        foreach (var item in _tail)
        {
            _insert.Parameters[0].Value = item.Stream;
            _insert.Parameters[1].Value = item.SourceTime.UtcTicks;
            _insert.Parameters[2].Value = item.ReceivedTime.UtcTicks;
            _insert.Parameters[3].Value = item.Payload.ToArray();
            _insert.ExecuteNonQuery();
        }

        _tail.Clear();
        Run("COMMIT");
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = Command(sql);
        for (var i = 1; i <= parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter($"${i}", null));
        }

        return command;
    }

    private void Run(string sql)
    {
        using var command = Command(sql);
        command.ExecuteNonQuery();
    }

    private SqliteCommand Command(string sql)
    {
        var command = _connection.CreateCommand();
#pragma warning disable CA2100 // The texts are constants of this program.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command;
    }
}
