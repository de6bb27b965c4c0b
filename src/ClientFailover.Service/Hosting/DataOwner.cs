using System.Runtime.InteropServices;

namespace ClientFailover.Service.Hosting;

/// <summary>
/// Responsible for commands that root gives: they go on as the account that owns the data directory. What they write is
/// then the service's to read, and root follows no link that the service's account may have laid there.
/// </summary>
internal static class DataOwner
{
    /// <summary>Gives up root's rights for those of the owner, for good. Does nothing on other systems and for other accounts.</summary>
    /// <param name="directory">The data directory, which exists.</param>
    /// <exception cref="StartupException">The system does not allow it.</exception>
    public static void Become(string directory)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return;
        }

        var (user, group) = FileOwner.Find(directory, followsLink: true) ?? throw NotAllowed(directory);
        if (user != 0 && (SetGroups(0, 0) != 0 || SetGroup(group) != 0 || SetUser(user) != 0))
        {
            throw NotAllowed(directory);
        }
    }

    private static StartupException NotAllowed(string directory) => new(
        ExitCodes.DataDirectoryNotUsable,
        $"The data directory '{directory}' cannot be used as its owner (error {Marshal.GetLastPInvokeError()}). Give the command as the account that owns it.");

    [DllImport("libc", EntryPoint = "setgroups", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetGroups(nint count, nint groups);

    [DllImport("libc", EntryPoint = "setgid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetGroup(uint group);

    [DllImport("libc", EntryPoint = "setuid", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SetUser(uint user);
}
