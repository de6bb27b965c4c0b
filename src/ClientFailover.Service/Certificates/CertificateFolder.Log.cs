namespace ClientFailover.Service.Certificates;

internal sealed partial class CertificateFolder
{
    [LoggerMessage(4000, LogLevel.Information, "TLS certificate {Name} ({Subject}) is used; it is valid until {NotAfter:u}")]
    private partial void LogServing(string name, string subject, DateTime notAfter);

    [LoggerMessage(4001, LogLevel.Information, "A self-signed TLS certificate was generated: {Path}, for {Names}")]
    private partial void LogGenerated(string path, string names);

    [LoggerMessage(4002, LogLevel.Warning, "Certificate {Path} is not considered: there is no key {KeyPath}")]
    private partial void LogWithoutKey(string path, string keyPath);

    [LoggerMessage(4003, LogLevel.Error, "Certificate {Path} or its key is not valid: {Problem} Both were moved to {Archive}")]
    private partial void LogInvalid(string path, string problem, string archive);

    [LoggerMessage(4004, LogLevel.Warning, "Only one of certificate and key {Name} was there; it was moved to {Archive}")]
    private partial void LogIncomplete(string name, string archive);

    [LoggerMessage(4005, LogLevel.Warning, "Other accounts have access to the key {Path}; nobody but the service's account should")]
    private partial void LogKeyNotPrivate(string path);

    [LoggerMessage(4006, LogLevel.Error, "Certificate {Path} or its key cannot be read, and is not considered: {Problem}")]
    private partial void LogNotReadable(string path, string problem);

    [LoggerMessage(4010, LogLevel.Error, "Certificate {Path} or its key is not valid: {Problem} It is not considered, and stays where it is: {Reason}")]
    private partial void LogInvalidKept(string path, string problem, string reason);

    [LoggerMessage(4011, LogLevel.Warning, "Certificate {Path} and its key do not belong together: {Problem} It is not considered; both are moved away if neither is replaced within {Patience}")]
    private partial void LogMismatch(string path, string problem, TimeSpan patience);
}
