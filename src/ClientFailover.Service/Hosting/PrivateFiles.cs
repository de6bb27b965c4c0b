using System.Runtime.Versioning;
using System.Security.AccessControl;
using System.Security.Principal;

namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for files and directories that no other account may read.</summary>
internal static class PrivateFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Others =
        UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute |
        UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    /// <summary>Creates a directory for the account alone. One that exists is left as it is.</summary>
    /// <param name="path">Its path.</param>
    public static void CreateDirectory(string path) => Create(path, isOfService: false);

    /// <summary>
    /// Creates a directory in the data directory, as <see cref="CreateDirectory"/> does. On Windows whoever may do everything in the one
    /// above may do so in this one, too: when an administrator gives a command, what it makes is still the service's.
    /// </summary>
    /// <param name="path">Its path.</param>
    public static void CreateDirectoryOfService(string path) => Create(path, isOfService: true);

    /// <summary>Whether other accounts are kept out of a file or directory.</summary>
    /// <param name="path">Its path.</param>
    /// <returns>True also on Windows, where inherited rights are the administrator's business.</returns>
    public static bool IsPrivate(string path) => OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & Others) == 0;

    /// <summary>How to open a file for the account alone, with nobody else having it open.</summary>
    /// <param name="mode">Whether it is created.</param>
    /// <returns>The options.</returns>
    public static FileStreamOptions Options(FileMode mode)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return options;
    }

    private static void Create(string path, bool isOfService)
    {
        if (Directory.Exists(path))
        {
            return;
        }

        if (OperatingSystem.IsWindows())
        {
            CreateWindowsDirectory(path, isOfService ? AllowedEverything(Path.GetDirectoryName(path)!) : []);
        }
        else
        {
            // The mode is that of the last directory; those above it are made as everybody makes them.
            if (Path.GetDirectoryName(path) is { Length: > 0 } parent)
            {
                Directory.CreateDirectory(parent);
            }

            Directory.CreateDirectory(path, OwnerOnly);
        }
    }

    [SupportedOSPlatform("windows")]
    private static IEnumerable<IdentityReference> AllowedEverything(string directory) => !Directory.Exists(directory)
        ? []
        : new DirectoryInfo(directory).GetAccessControl(AccessControlSections.Access)
            .GetAccessRules(includeExplicit: true, includeInherited: true, typeof(SecurityIdentifier))
            .OfType<FileSystemAccessRule>()
            .Where(r => r.AccessControlType == AccessControlType.Allow
                && r.FileSystemRights.HasFlag(FileSystemRights.FullControl)
                && !r.PropagationFlags.HasFlag(PropagationFlags.InheritOnly))
            .Select(r => r.IdentityReference);

    [SupportedOSPlatform("windows")]
    private static void CreateWindowsDirectory(string path, IEnumerable<IdentityReference> others)
    {
        var security = new DirectorySecurity();
        security.SetAccessRuleProtection(isProtected: true, preserveInheritance: false);
        using var account = WindowsIdentity.GetCurrent();

        // Administrators and the system get in anyway; without them backups and support would need to take ownership.
        IdentityReference?[] trustees =
        [
            account.User,
            new SecurityIdentifier(WellKnownSidType.BuiltinAdministratorsSid, null),
            new SecurityIdentifier(WellKnownSidType.LocalSystemSid, null),
            .. others,
        ];
        foreach (var trustee in trustees.OfType<IdentityReference>())
        {
            security.AddAccessRule(new FileSystemAccessRule(
                trustee,
                FileSystemRights.FullControl,
                InheritanceFlags.ContainerInherit | InheritanceFlags.ObjectInherit,
                PropagationFlags.None,
                AccessControlType.Allow));
        }

        security.CreateDirectory(path);
    }
}
