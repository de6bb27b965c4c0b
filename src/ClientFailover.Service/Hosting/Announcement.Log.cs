namespace ClientFailover.Service.Hosting;

internal sealed partial class Announcement
{
    [LoggerMessage(6000, LogLevel.Information, "Client Failover listens on {Address}{Remark}")]
    private partial void LogListening(string address, string remark);

    [LoggerMessage(6001, LogLevel.Information, "Everything is kept in {Path}")]
    private partial void LogData(string path);

    [LoggerMessage(6002, LogLevel.Warning, "Other accounts have access to {Path}; nobody but the service's account should")]
    private partial void LogNotPrivate(string path);

    [LoggerMessage(6003, LogLevel.Warning, "Cleartext is switched on: passwords and data cross the network readable for everybody")]
    private partial void LogCleartext();

    [LoggerMessage(6004, LogLevel.Information, "Client Failover stops")]
    private partial void LogStopping();
}
