namespace ClientFailover.Service.Transport.Rest;

internal sealed partial class RestErrorMiddleware
{
    [LoggerMessage(5011, LogLevel.Error, "{Method} {Path} failed unexpectedly, operation {OperationId}.")]
    private partial void Unexpected(Exception exception, string method, PathString path, string operationId);

    // Debug: an adapter whose session was deleted, or whose password is wrong, would fill the log.
    [LoggerMessage(5012, LogLevel.Debug, "{Method} {Path} was answered {Status}, operation {OperationId}.")]
    private partial void Failed(string method, PathString path, int status, string operationId);
}
