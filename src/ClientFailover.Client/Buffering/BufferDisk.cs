using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Buffering;

/// <summary>Responsible for what happens when the disk cannot be written: it is told once, writes are left out, and it is tried again.</summary>
/// <param name="file">The file.</param>
/// <param name="chunks">Writes chunks.</param>
/// <param name="queue">The chunks.</param>
/// <param name="log">The log.</param>
internal sealed partial class BufferDisk(BufferFile file, ChunkWriter chunks, ChunkQueue queue, ILogger log)
{
    private bool _isTroubleTold;
    private volatile string? _trouble;

    /// <summary>Whether the disk cannot be written. Safe to read by any thread.</summary>
    public bool IsInTrouble => _trouble is not null;

    /// <summary>Why it cannot be written; null: it can.</summary>
    public string? Trouble => _trouble;

    /// <summary>Takes up what an earlier run left.</summary>
    /// <exception cref="BufferInUseException">Another process has the folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The account may not write there.</exception>
    public void Open()
    {
        try
        {
            file.Open();
            LogOpened(file.Path, queue.Count);
        }
        catch (Exception e) when (e is not (BufferInUseException or UnauthorizedAccessException))
        {
            SetTrouble(e);
        }
    }

    /// <summary>Writes, unless there is trouble.</summary>
    /// <param name="write">Writes.</param>
    public void TryWrite(Action<ChunkStore> write)
    {
        if (IsInTrouble || file.Store is not { } store)
        {
            return;
        }

        try
        {
            write(store);
        }
        catch (Exception e)
        {
            SetTrouble(e);
        }
    }

    /// <summary>If there is trouble, tries whether the disk can be written again, and if so writes what waits.</summary>
    public void Recover()
    {
        if (!IsInTrouble)
        {
            return;
        }

        try
        {
            file.Open();
            _trouble = null;
        }
        catch (Exception e)
        {
            SetTrouble(e);
            return;
        }

        var count = queue.Count;
        TryWrite(store =>
        {
            // Something must be written to know that it can be.
            store.Probe();
            chunks.WriteUnwritten(store);
        });
        if (!IsInTrouble)
        {
            _isTroubleTold = false;
            LogWritable(file.Path, count);
        }
    }

    private void SetTrouble(Exception error)
    {
        _trouble = StoreFailure.Describe(error);
        file.IsDamaged |= StoreFailure.IsDamage(error);
        if (!_isTroubleTold)
        {
            _isTroubleTold = true;
            LogUnwritable(file.Path, _trouble, error);
        }
    }

    [LoggerMessage(7400, LogLevel.Information, "The buffer {File} is open; {Count} values of an earlier run are in it.")]
    private partial void LogOpened(string file, long count);

    [LoggerMessage(7402, LogLevel.Warning, "The buffer {File} cannot be written: {Reason}. Up to 64 MiB of values are kept in memory, where a kill loses them; it is tried again every second. Free space on the disk, or make it writable.")]
    private partial void LogUnwritable(string file, string reason, Exception error);

    [LoggerMessage(7403, LogLevel.Information, "The buffer {File} can be written again. It holds {Count} values.")]
    private partial void LogWritable(string file, long count);
}
