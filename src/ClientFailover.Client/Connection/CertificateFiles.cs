using System.Security.Cryptography;

namespace ClientFailover.Client.Connection;

/// <summary>What goes wrong with a configured certificate file.</summary>
internal static class CertificateFiles
{
    /// <summary>Whether an error says that a file cannot be read, or not as a certificate.</summary>
    public static bool IsUnreadable(Exception e) => e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException;

    /// <summary>Says so. A cause never tells passwords: it is about the file.</summary>
    public static LinkException Unreadable(string option, string file, Exception? cause) => new(
        LinkFailure.Refused,
        $"{option} '{file}' cannot be used: {cause?.Message ?? "it has no certificate (PEM)."} Correct the file or the setting; it is read anew at the next attempt.",
        cause);
}
