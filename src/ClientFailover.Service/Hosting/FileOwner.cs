using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;
using System.Text;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for whose files and directories are.</summary>
internal static class FileOwner
{
    private const int CurrentDirectory = -100;
    private const int NoFollow = 0x100;
    private const uint UserAndGroup = 0x8 | 0x10;
    private const int StatxSize = 256;
    private const int UserOffset = 20;
    private const int GroupOffset = 24;

    /// <summary>
    /// Whether something is a directory of this account and no link to one. In one of another account that account may lay links, for
    /// whoever writes there to follow.
    /// </summary>
    /// <param name="path">Its path.</param>
    /// <returns>False also where the system does not tell: on other systems than Windows and Linux.</returns>
    public static bool IsOwnDirectory(string path)
    {
        if (new DirectoryInfo(path) is not { Exists: true, LinkTarget: null } directory)
        {
            return false;
        }

        return OperatingSystem.IsWindows()
            ? IsOwnOnWindows(directory)
            : OperatingSystem.IsLinux() && Find(path, followsLink: false) is { } owner && owner.User == GetEffectiveUser();
    }

    /// <summary>Who owns a file or directory.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="followsLink">Of a link: whether what it leads to is meant.</param>
    /// <returns>The ids of user and group; null: the system does not tell, and has set the last error.</returns>
    [SupportedOSPlatform("linux")]
    public static (uint User, uint Group)? Find(string path, bool followsLink)
    {
        // Of this structure the layout is the same on every processor, unlike that of stat(2).
        Span<byte> found = stackalloc byte[StatxSize];
        return Statx(CurrentDirectory, Encoding.UTF8.GetBytes(path + '\0'), followsLink ? 0 : NoFollow, UserAndGroup, ref MemoryMarshal.GetReference(found)) == 0
            ? (MemoryMarshal.Read<uint>(found[UserOffset..]), MemoryMarshal.Read<uint>(found[GroupOffset..]))
            : null;
    }

    [SupportedOSPlatform("windows")]
    private static bool IsOwnOnWindows(DirectoryInfo directory)
    {
        // What an elevated administrator makes belongs to the group of administrators.
        using var account = WindowsIdentity.GetCurrent();
        try
        {
            var owner = directory.GetAccessControl(AccessControlSections.Owner).GetOwner(typeof(SecurityIdentifier));
            return owner is not null && (owner == account.User || owner == account.Owner);
        }
        catch (Exception e) when (e is UnauthorizedAccessException or IOException)
        {
            // Who owns something may ask whose it is. Or it is gone meanwhile.
            return false;
        }
    }

    [DllImport("libc", EntryPoint = "statx", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int directory, byte[] path, int flags, uint mask, ref byte found);

    [DllImport("libc", EntryPoint = "geteuid")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint GetEffectiveUser();
}
