namespace ClientFailover.Service.Configuration;

internal sealed partial class ConfigurationStore
{
    [LoggerMessage(6101, LogLevel.Error, "The stored secret of health endpoint {Id} cannot be decrypted: the keys in {Directory} are gone, are others, or cannot be read. Restore that directory (and, if it is set, KeyProtectionCertificate) and start the service again, or set the secret again")]
    private partial void LogUnreadable(string id, string directory);
}
