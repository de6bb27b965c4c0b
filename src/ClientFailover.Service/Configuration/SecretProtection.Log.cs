namespace ClientFailover.Service.Configuration;

internal sealed partial class SecretProtection
{
    [LoggerMessage(6100, LogLevel.Error, "The keys that secrets are encrypted with, in {Directory}, cannot be read or written; secrets cannot be set until they can. Check the directory and, if it is set, KeyProtectionCertificate")]
    private partial void LogKeysUnusable(string directory, Exception exception);
}
