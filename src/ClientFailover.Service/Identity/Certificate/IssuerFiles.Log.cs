namespace ClientFailover.Service.Identity.Certificate;

internal sealed partial class IssuerFiles
{
    [LoggerMessage(3030, LogLevel.Information, "The issuers of client certificates were read again: {Issuers}")]
    private partial void LogRead(string issuers);

    [LoggerMessage(3031, LogLevel.Error, "The issuers of client certificates changed and cannot be read; what was read before goes on counting: {Reason}")]
    private partial void LogNotReadable(string reason);

    [LoggerMessage(3032, LogLevel.Error, "The list of revoked certificates {List} is past its time ({NextUpdate:u}): certificates are refused until there is a newer one")]
    private partial void LogPast(string list, DateTime nextUpdate);
}
