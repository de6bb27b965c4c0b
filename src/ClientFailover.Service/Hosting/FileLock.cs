namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for locks between processes: a file that one process at a time has open. The lock belongs to the
/// operating system: it ends with the process, however that ends.
/// </summary>
internal static class FileLock
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Takes a lock if nobody has it.</summary>
    /// <param name="path">Its file, which is created for the account alone.</param>
    /// <returns>The lock, to be disposed of; null: another process has it.</returns>
    /// <exception cref="IOException">The file cannot be opened, for another reason.</exception>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, PrivateFiles.Options(FileMode.OpenOrCreate));
        }
        catch (IOException e) when (e.GetType() == typeof(IOException) && File.Exists(path) && IsSharingViolation(e))
        {
            return null;
        }
    }

    /// <summary>Waits for a lock. For what holds up nobody but its own caller: it blocks.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="patience">How long to wait.</param>
    /// <returns>The lock, to be disposed of; null: another process had it all the time.</returns>
    /// <exception cref="IOException">The file cannot be opened, for another reason.</exception>
    public static FileStream? Take(string path, TimeSpan patience) => Take(path, patience, TimeProvider.System);

    /// <summary>As <see cref="Take(string, TimeSpan)"/>, by a clock.</summary>
    /// <param name="path">Its file.</param>
    /// <param name="patience">How long to wait; zero: one try.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The lock, to be disposed of; null: another process had it all the time.</returns>
    /// <exception cref="IOException">The file cannot be opened, for another reason.</exception>
    public static FileStream? Take(string path, TimeSpan patience, TimeProvider time)
    {
        var start = time.GetTimestamp();
        while (true)
        {
            if (TryTake(path) is { } taken)
            {
                return taken;
            }

            if (time.GetElapsedTime(start) >= patience)
            {
                return null;
            }

            Task.Delay(Pause, time).GetAwaiter().GetResult();
        }
    }

    private static bool IsSharingViolation(IOException e)
    {
        const int errorSharingViolation = unchecked((int)0x80070020);

        // flock(2) answers EWOULDBLOCK, which is EAGAIN: 11 on Linux, 35 on macOS and the BSDs.
        return OperatingSystem.IsWindows() ? e.HResult == errorSharingViolation : e.HResult is 11 or 35;
    }
}
