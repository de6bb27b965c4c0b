namespace ClientFailover.Service.Identity.Commands;

/// <summary>Who gives a command, for the audit.</summary>
internal static class CommandUser
{
    /// <summary>The account of the operating system; behind <c>sudo</c>, the one that used it.</summary>
    public static string Name =>
        Environment.GetEnvironmentVariable("SUDO_USER") is { Length: > 0 } user && AccountName.IsValid(user)
            ? $"{user} as {Environment.UserName}"
            : Environment.UserName;
}
