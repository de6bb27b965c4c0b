namespace ClientFailover.Service.Hosting;

/// <summary>Responsible for the data directory of a service that was not told one.</summary>
internal static class DefaultDataDirectory
{
    /// <summary>The default for this system and account.</summary>
    /// <returns>An absolute path; empty: the account has no home, so that a directory must be set.</returns>
    public static string Find()
    {
        if (OperatingSystem.IsWindows())
        {
            return Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.CommonApplicationData), "ClientFailover");
        }

        return ForUnix(
            Environment.IsPrivilegedProcess,
            Environment.GetEnvironmentVariable("XDG_STATE_HOME"),
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify));
    }

    /// <summary>The default on Unix.</summary>
    /// <param name="isRoot">Whether the account is root.</param>
    /// <param name="stateHome">Value of <c>XDG_STATE_HOME</c>; the XDG specification has relative ones ignored.</param>
    /// <param name="home">The account's home directory.</param>
    /// <returns>An absolute path; empty: there is none.</returns>
    internal static string ForUnix(bool isRoot, string? stateHome, string? home)
    {
        if (isRoot)
        {
            return "/var/lib/client-failover";
        }

        if (Path.IsPathRooted(stateHome))
        {
            return Path.Combine(stateHome, "client-failover");
        }

        return string.IsNullOrEmpty(home) ? string.Empty : Path.Combine(home, ".local", "state", "client-failover");
    }
}
