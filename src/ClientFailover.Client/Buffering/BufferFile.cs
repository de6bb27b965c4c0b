using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for the database of the moment: opens it, moves aside one that cannot be used, and opens it anew after trouble. All but
/// <see cref="Read"/> is used by one thread.
/// </summary>
/// <param name="folder">The folder.</param>
/// <param name="chunks">Is told when the file is gone.</param>
/// <param name="queue">Gets what an earlier run left.</param>
/// <param name="log">The log.</param>
/// <param name="opened">What else to do to a connection that writes, for tests.</param>
internal sealed partial class BufferFile(BufferFolder folder, ChunkWriter chunks, ChunkQueue queue, ILogger log, Action<SqliteConnection>? opened) : IDisposable
{
    private bool _isIndexRead;
    private (IReadOnlyList<ChunkRow> Rows, bool IsUnshared)? _left;
    private volatile ChunkStore? _store;

    /// <summary>Where it is.</summary>
    public string Path => folder.File;

    /// <summary>The database; null: it is not open.</summary>
    public ChunkStore? Store => _store;

    /// <summary>Around the taking of what an earlier run left, see <see cref="IItemBuffer.TakingLeft"/>.</summary>
    public Action<Action> TakingLeft { get; set; } = static take => take();

    /// <summary>Whether it was found damaged while it was open: the next opening moves it aside.</summary>
    public bool IsDamaged { get; set; }

    /// <summary>Opens it, also anew after an error.</summary>
    /// <exception cref="BufferInUseException">Another process has the folder.</exception>
    public void Open()
    {
        folder.Take();
        if (folder.TakeFormer() is { } former)
        {
            LogTookFormer(Path, former);
        }

        if (IsDamaged)
        {
            MoveAside("it is damaged");
        }

        // Anew, because a handle that has met an error on a lost disk can keep failing. The old one is closed after that: with the
        // last connection SQLite gives up its shared memory file, and on a full disk it could not make it again, not even to read.
        ChunkStore store;
        try
        {
            store = OpenAndIndex();
        }
        catch (InvalidDataException e)
        {
            MoveAside(e.Message);
            store = OpenAndIndex();
        }

        var old = _store;
        _store = store;
        old?.Dispose();
        if (_left is { } left)
        {
            // Not before it can be read: who is told of it may read at once.
            _left = null;
            TakingLeft(() => Take(left.Rows, left.IsUnshared));
        }
    }

    /// <summary>Reads the content of a chunk. Safe for any thread.</summary>
    /// <param name="id">Its number.</param>
    /// <returns>The content; null: there is none.</returns>
    /// <exception cref="IOException">The disk cannot be read.</exception>
    public byte[]? Read(long id)
    {
        while (true)
        {
            var store = _store ?? throw new IOException($"The buffer {Path} is not open.");
            try
            {
                return store.Read(id);
            }
            catch (ObjectDisposedException) when (!ReferenceEquals(store, _store))
            {
                // Opened anew meanwhile.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _store?.Dispose();
        folder.Dispose();
    }

    [LoggerMessage(7401, LogLevel.Warning, "The buffer {File} cannot be used: {Reason}. It was moved to {Target}, and a new one is begun; the values in it will not be sent by this adapter. Delete it, or use it with the program that wrote it.")]
    private partial void LogMovedAside(string file, string reason, string target);

    [LoggerMessage(7406, LogLevel.Information, "The buffer of an earlier version in {Former} was moved to {File}: what is in it will be sent.")]
    private partial void LogTookFormer(string file, string former);

    private ChunkStore OpenAndIndex()
    {
        var store = ChunkStore.Open(Path, chunks.MostLog, opened);
        try
        {
            if (!_isIndexRead)
            {
                _left = (store.ReadIndex(), store.IsUnshared);
                _isIndexRead = true;
            }

            return store;
        }
        catch
        {
            store.Dispose();
            throw;
        }
    }

    private void Take(IReadOnlyList<ChunkRow> rows, bool isUnshared)
    {
        lock (queue.Sync)
        {
            queue.Prepend(rows);
            queue.IsUnshared |= isUnshared;
        }
    }

    private void MoveAside(string reason)
    {
        _store?.Dispose();
        _store = null;
        var target = folder.MoveAside();
        IsDamaged = false;
        LogMovedAside(Path, reason, target);
        chunks.DropWritten();
    }
}
