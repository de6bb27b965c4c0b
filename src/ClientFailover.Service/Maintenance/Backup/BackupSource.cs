using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Maintenance.Backup;

/// <summary>
/// Responsible for reading files that may be changed meanwhile so that they belong together: a certificate with its key, say.
/// </summary>
internal static class BackupSource
{
    private const int Tries = 5;

    /// <summary>Reads the files of a data directory, the database apart.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="withSecrets">Whether keys and certificates are among them.</param>
    /// <returns>Name in the archive and content of each.</returns>
    /// <exception cref="MaintenanceException">They are being changed all the time, or one is no file of the service.</exception>
    public static IReadOnlyList<(string Name, byte[] Content)> Read(string directory, bool withSecrets)
    {
        for (var tries = 0; tries < Tries; tries++)
        {
            try
            {
                var before = Versions(directory, withSecrets);
                var files = before.Select(f => (f.Name, Read(f.Path))).ToList();
                if (before.SequenceEqual(Versions(directory, withSecrets)))
                {
                    return files;
                }
            }
            catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
            {
                // Replaced in between.
            }
        }

        throw new MaintenanceException(ExitCodes.Refused, "FILES_CHANGE", "Accounts, keys or certificates are being changed all the time. Try again when that is over.");
    }

    private static List<(string Name, string Path, DateTime Written, long Length)> Versions(string directory, bool withSecrets) =>
    [
        .. BackupLayout.Files(directory, withSecrets).Select(f => (f.Name, f.Path, File.GetLastWriteTimeUtc(f.Path), new FileInfo(f.Path).Length)),
    ];

    private static byte[] Read(string path)
    {
        // Lets others replace the file meanwhile, which Windows would refuse them.
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        if (file.Length > BackupLayout.LongestFile)
        {
            throw new MaintenanceException(ExitCodes.Refused, "FILE_TOO_LONG", $"{path} is longer than any file of the service; it has no place there.");
        }

        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }
}
