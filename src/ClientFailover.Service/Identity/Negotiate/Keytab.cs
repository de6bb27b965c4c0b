using System.Runtime.InteropServices;
using System.Text;
using ClientFailover.Service.Hosting;

namespace ClientFailover.Service.Identity.Negotiate;

/// <summary>Responsible for the keys that Kerberos tickets for this service are opened with. Windows uses those of the machine's account.</summary>
internal static class Keytab
{
    /// <summary>Has the system's Kerberos use a file of keys, in this process.</summary>
    /// <param name="path">The file; empty: the system's own, as its configuration says.</param>
    /// <exception cref="StartupException">The system has no Kerberos.</exception>
    public static void Use(string path)
    {
        if (path.Length == 0 || !OperatingSystem.IsLinux())
        {
            return;
        }

        try
        {
            // Not by the environment: what .NET sets there does not reach libraries.
            if (Register(Encoding.UTF8.GetBytes(Path.GetFullPath(path) + '\0')) != 0)
            {
                throw new StartupException(ExitCodes.InvalidSettings, $"NegotiateKeytab is '{path}'; Kerberos does not take it.");
            }
        }
        catch (DllNotFoundException e)
        {
            throw new StartupException(
                ExitCodes.InvalidSettings,
                "AuthenticationSchemes names Negotiate, but this system has no Kerberos (libgssapi_krb5.so.2). Install it; on Debian it is libgssapi-krb5-2.",
                e);
        }
    }

    [DllImport("libgssapi_krb5.so.2", EntryPoint = "krb5_gss_register_acceptor_identity")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint Register(byte[] keytab);
}
