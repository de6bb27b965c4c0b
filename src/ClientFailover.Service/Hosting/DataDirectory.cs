using ClientFailover.Service.Maintenance.Restore;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for the directory of everything the service keeps: only the service's account may enter it, and only
/// one instance of the service may use it. The lock ends with the process, however that ends, so that a killed
/// service starts again without anybody tidying up.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    /// <summary>Name of the file that is locked.</summary>
    public const string LockName = "service.lock";

    /// <summary>
    /// How long a start waits for the instance before it: a service manager may tell of the stop while that still closes its database.
    /// </summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly FileStream _lock;

    private DataDirectory(string path, bool isPrivate, FileStream @lock)
    {
        Path = path;
        IsPrivate = isPrivate;
        _lock = @lock;
    }

    /// <summary>Its absolute path.</summary>
    public string Path { get; }

    /// <summary>
    /// Whether other accounts are kept out. A directory that was there before is never tightened: it may be shared for
    /// a reason.
    /// </summary>
    public bool IsPrivate { get; }

    /// <summary>Creates the directory if need be and locks it.</summary>
    /// <param name="path">Where it is; relative: to the working directory.</param>
    /// <returns>The directory, locked until it is disposed of.</returns>
    /// <exception cref="StartupException">Another instance uses it, or it cannot be used.</exception>
    public static DataDirectory Open(string path) => Open(path, TimeSpan.Zero, TimeProvider.System);

    /// <summary>As <see cref="Open(string)"/>, and waits for another instance that is about to end. It blocks.</summary>
    /// <param name="path">Where it is; relative: to the working directory.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="time">The clock.</param>
    /// <returns>The directory, locked until it is disposed of.</returns>
    /// <exception cref="StartupException">Another instance uses it all the time, or it cannot be used.</exception>
    public static DataDirectory Open(string path, TimeSpan patience, TimeProvider time)
    {
        try
        {
            path = System.IO.Path.GetFullPath(path);
            PrivateFiles.CreateDirectory(path);
            var taken = Lock(path, patience, time);
            try
            {
                // Before anything is read: a restore that was killed is there as a whole, or not at all.
                RestoreSwitch.Finish(path);
                return new DataDirectory(path, PrivateFiles.IsPrivate(path), taken);
            }
            catch
            {
                taken.Dispose();
                throw;
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException(
                ExitCodes.DataDirectoryNotUsable,
                $"The data directory '{path}' cannot be used: {e.Message} Give the service's account access to it, or set DataDirectory to another one.",
                e);
        }
    }

    /// <summary>The path of a file in the directory.</summary>
    /// <param name="name">Its name.</param>
    /// <returns>An absolute path.</returns>
    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Lets another instance use the directory.</summary>
    public void Dispose() => _lock.Dispose();

    private static FileStream Lock(string path, TimeSpan patience, TimeProvider time) =>
        FileLock.Take(System.IO.Path.Combine(path, LockName), patience, time)
        ?? throw new StartupException(
            ExitCodes.DataDirectoryInUse,
            $"Another instance of the service uses the data directory '{path}'. Stop it first, or set DataDirectory to another one.");
}
