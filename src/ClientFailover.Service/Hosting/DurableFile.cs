using System.Runtime.InteropServices;
using System.Text;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for writing a file so that after a crash or a power cut it has either its old or its new content, and
/// after the return the new one.
/// </summary>
internal static class DurableFile
{
    /// <summary>Creates or replaces a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="content">Its content, written as UTF-8.</param>
    /// <param name="isPublic">Whether every account may read it; else only the service's may.</param>
    public static void Write(string path, string content, bool isPublic = false)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        using (var stream = new FileStream(temporary, PrivateFiles.Options(FileMode.CreateNew)))
        {
            if (isPublic && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(
                    stream.SafeFileHandle,
                    UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            }

            stream.Write(Encoding.UTF8.GetBytes(content));
            stream.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
        SyncDirectory(Path.GetDirectoryName(path)!);
    }

    /// <summary>
    /// Makes renames and creations in a directory durable. Windows does that with the file's own flush; .NET has no
    /// call for it, because it refuses to open directories.
    /// </summary>
    /// <param name="path">The directory.</param>
    /// <exception cref="IOException">The disk fails.</exception>
    public static void SyncDirectory(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        const int readOnly = 0;
        var directory = OpenDirectory(Encoding.UTF8.GetBytes(path + '\0'), readOnly);
        if (directory < 0)
        {
            throw new IOException($"The directory '{path}' cannot be opened (error {Marshal.GetLastPInvokeError()}).");
        }

        var error = Sync(directory) == 0 ? 0 : Marshal.GetLastPInvokeError();
        _ = Close(directory);

        // Some file systems have no flush for directories and say EINVAL: there is nothing better to do.
        const int notSupported = 22;
        if (error is not (0 or notSupported))
        {
            throw new IOException($"The directory '{path}' cannot be written to disk (error {error}).");
        }
    }

    [DllImport("libc", EntryPoint = "open", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int OpenDirectory(byte[] path, int flags);

    [DllImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sync(int descriptor);

    [DllImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Close(int descriptor);
}
