using System.Globalization;

namespace ClientFailover.Client.Buffering;

/// <summary>Responsible for the folder: made for the account alone, used by one process at a time.</summary>
/// <param name="path">The folder.</param>
/// <param name="time">The time.</param>
/// <param name="former">The folder that an earlier version used; null: the same.</param>
internal sealed class BufferFolder(string path, TimeProvider time, string? former = null) : IDisposable
{
    private const string FileName = "buffer.db";
    private const string LockName = "buffer.lock";

    // What an IOException carries when another process has the file open: a HRESULT, or the number of the system's error.
    private const int WindowsSharingViolation = unchecked((int)0x80070020);
    private const int LinuxWouldBlock = 11;
    private const int MacWouldBlock = 35;

    private FileStream? _lock;
    private bool _isFormerDone = former is null;

    /// <summary>The database.</summary>
    public string File => Path.Combine(path, FileName);

    /// <summary>Makes the folder, and keeps every other process out until this one ends or disposes of it.</summary>
    /// <exception cref="BufferInUseException">Another process has it.</exception>
    /// <exception cref="UnauthorizedAccessException">The account may not write there.</exception>
    /// <exception cref="IOException">It cannot be made now.</exception>
    public void Take()
    {
        if (_lock is not null)
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        try
        {
            // The system gives the lock up when the process ends, however it ends.
            _lock = Lock(path);
        }
        catch (IOException e) when (IsInUse(e))
        {
            throw new BufferInUseException(
                $"The buffer in {path} is in use by another process. Each adapter needs a folder of its own: stop the other program, or set Buffer.Directory.", e);
        }
    }

    /// <summary>
    /// Moves the database of an earlier version here, if there is none yet. After a kill in between the next one goes on with it. One that a
    /// program of the earlier version uses stays where it is.
    /// </summary>
    /// <returns>The folder that it was in; null: none was moved.</returns>
    /// <exception cref="IOException">It cannot be moved now.</exception>
    public string? TakeFormer()
    {
        var source = Path.Combine(former ?? path, FileName);
        if (_isFormerDone || System.IO.File.Exists(File) || !System.IO.File.Exists(source))
        {
            _isFormerDone = true;
            return null;
        }

        try
        {
            using var held = Lock(former!);

            // The log first: a database without it would have lost what is in it.
            foreach (var suffix in new[] { "-wal", "" })
            {
                if (System.IO.File.Exists(source + suffix))
                {
                    System.IO.File.Move(source + suffix, File + suffix, overwrite: true);
                }
            }

            System.IO.File.Delete(source + "-shm");
        }
        catch (IOException e) when (IsInUse(e))
        {
            return null;
        }

        _isFormerDone = true;
        return former;
    }

    /// <summary>Moves the database aside.</summary>
    /// <returns>Where it is now.</returns>
    public string MoveAside()
    {
        var stamp = time.GetUtcNow().ToString("yyyyMMdd'T'HHmmss", CultureInfo.InvariantCulture);
        var target = $"{File}.aside-{stamp}";
        for (var i = 2; System.IO.File.Exists(target); i++)
        {
            target = string.Create(CultureInfo.InvariantCulture, $"{File}.aside-{stamp}-{i}");
        }

        // The log first: beside another database it would be taken for the log of that.
        foreach (var suffix in new[] { "-wal", "" })
        {
            if (System.IO.File.Exists(File + suffix))
            {
                System.IO.File.Move(File + suffix, target + suffix);
            }
        }

        System.IO.File.Delete(File + "-shm");
        return target;
    }

    private static FileStream Lock(string folder) =>
        new(Path.Combine(folder, LockName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);

    private static bool IsInUse(IOException e) => e.HResult is WindowsSharingViolation or LinuxWouldBlock or MacWouldBlock;

    /// <inheritdoc/>
    public void Dispose()
    {
        _lock?.Dispose();
        _lock = null;
    }
}
