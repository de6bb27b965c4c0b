namespace ClientFailover.Service.Health;

/// <content>Its messages.</content>
internal sealed partial class HealthReporter
{
    [LoggerMessage(8000, LogLevel.Warning, "The status of the service is DeviceInError: {Faults}")]
    private partial void LogInError(string faults);

    [LoggerMessage(8001, LogLevel.Information, "The status of the service is Good again")]
    private partial void LogGood();

    [LoggerMessage(8002, LogLevel.Error, "How the service is could not be looked at or told; the next time is in a second")]
    private partial void LogNotReported(Exception error);

    [LoggerMessage(8003, LogLevel.Warning, "Health endpoint {Id}, {Address}, is reached without encryption: what is sent to it, its password among it, crosses the network readable for everybody")]
    private partial void LogCleartext(string id, string address);

    [LoggerMessage(8004, LogLevel.Warning, "Health endpoint {Id}, {Address}: its certificate is not checked (ValidateEndpointCertificate is false), so that it may be anybody who gets the messages and the password")]
    private partial void LogNotValidated(string id, string address);

    [LoggerMessage(8005, LogLevel.Warning, "The health endpoints were not told of the stop in time")]
    private partial void LogStopNotTold();
}
