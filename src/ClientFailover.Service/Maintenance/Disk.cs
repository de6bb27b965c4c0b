namespace ClientFailover.Service.Maintenance;

/// <summary>Responsible for what the system tells of disks.</summary>
internal static class Disk
{
    /// <summary>How many bytes this account may still write.</summary>
    /// <param name="directory">A directory on the disk.</param>
    /// <returns>Bytes; null: the system does not tell, as of some network drives.</returns>
    public static long? FreeSpace(string directory)
    {
        try
        {
            return new DriveInfo(Path.GetFullPath(directory)).AvailableFreeSpace;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return null;
        }
    }
}
