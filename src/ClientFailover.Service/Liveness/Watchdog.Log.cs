namespace ClientFailover.Service.Liveness;

internal sealed partial class Watchdog
{
    [LoggerMessage(8300, LogLevel.Information, "systemd starts the service anew if it is not heard of for {Interval}")]
    private partial void LogWatched(TimeSpan interval);

    [LoggerMessage(8301, LogLevel.Critical, "{Threads}: no progress for {Busy}. systemd is not told any more that the service is alive, and starts it anew. This is a defect, or the disk does not answer")]
    private partial void LogStuck(string threads, TimeSpan busy);

    [LoggerMessage(8302, LogLevel.Warning, "What was stuck goes on; systemd is told again that the service is alive")]
    private partial void LogAliveAgain();

    [LoggerMessage(8303, LogLevel.Warning, "systemd cannot be told that the service is alive: {Problem} It is tried again; if it stays so, systemd starts the service anew")]
    private partial void LogNotTold(string problem);

    [LoggerMessage(8304, LogLevel.Information, "systemd can be told again that the service is alive")]
    private partial void LogToldAgain();
}
