namespace ClientFailover.Service.Transport.Errors;

internal sealed partial class CallFailures
{
    [LoggerMessage(5001, LogLevel.Error, "{Method} failed unexpectedly, operation {OperationId}.")]
    private partial void Unexpected(Exception exception, string method, string operationId);

    [LoggerMessage(8500, LogLevel.Error, "{Path} failed unexpectedly outside of the service's own code, operation {OperationId}.")]
    private partial void Bare(string path, string operationId);

    // Debug: the store tells of an outage once, and a fleet that tries again would fill the log on a disk that may be full.
    [LoggerMessage(5002, LogLevel.Debug, "{Method} was refused because the store cannot be written: {Reason} Operation {OperationId}.")]
    private partial void NotStored(string method, string reason, string operationId);

    [LoggerMessage(5003, LogLevel.Debug, "{Method} was refused: {Code}, operation {OperationId}.")]
    private partial void Refused(string method, string code, string operationId);
}
