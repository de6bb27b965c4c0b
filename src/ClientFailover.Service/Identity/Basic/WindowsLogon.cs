using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Principal;
using Microsoft.Win32.SafeHandles;

namespace ClientFailover.Service.Identity.Basic;

/// <summary>Responsible for accounts of Windows: the system checks the password, two local groups by the names of the roles tell the role.</summary>
[SupportedOSPlatform("windows")]
internal static class WindowsLogon
{
    private const int Network = 3;
    private const int DefaultProvider = 0;

    /// <summary>Logs an account on, as from the network: it needs no right to sit at this machine.</summary>
    /// <param name="credentials">Name and password; the name with or without domain.</param>
    /// <returns>The caller, perhaps without any role; null: the system refuses it.</returns>
    public static Caller? TryLogOn(BasicCredentials credentials)
    {
        var slash = credentials.Name.IndexOf('\\', StringComparison.Ordinal);
        var user = credentials.Name[(slash + 1)..];

        // name@domain brings its own; a dot is this machine.
        var domain = slash >= 0 ? credentials.Name[..slash] : user.Contains('@', StringComparison.Ordinal) ? null : ".";

        // Without a password the system would log on guests.
        if (credentials.Password.Length == 0 || !LogonUser(user, domain, credentials.Password, Network, DefaultProvider, out var token))
        {
            return null;
        }

        using (token)
        {
            using var identity = new WindowsIdentity(token.DangerousGetHandle());
            if (identity.IsGuest || identity.IsAnonymous)
            {
                return null;
            }

            var groups = new WindowsPrincipal(identity);
            var roles = Roles.All.Where(r => groups.IsInRole($"{Environment.MachineName}\\{r}")).ToList();
            return new Caller(identity.Name, CallerKind.User, identity.Name, null, roles, SchemeNames.Basic);
        }
    }

    [DllImport("advapi32.dll", EntryPoint = "LogonUserW", SetLastError = true, CharSet = CharSet.Unicode)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static extern bool LogonUser(string name, string? domain, string password, int kind, int provider, out SafeAccessTokenHandle token);
}
