using Microsoft.Extensions.Logging;

namespace ClientFailover.Client;

public sealed partial class FailoverAdapter
{
    [LoggerMessage(7600, LogLevel.Debug, "{Role} in term {Term} ({Reason}). The group has egressed up to {Time:O}, exact: {IsExact}.")]
    private static partial void LogRole(ILogger logger, FailoverRole role, object term, string reason, object time, bool isExact);

    [LoggerMessage(7601, LogLevel.Debug, "Hands over to term {Term} ({Reason}).")]
    private static partial void LogDrain(ILogger logger, long term, string reason);

    [LoggerMessage(7602, LogLevel.Information, "Has stopped egressing exactly at {Time:O} (none: not exactly).")]
    private static partial void LogDrained(ILogger logger, object time);

    [LoggerMessage(7603, LogLevel.Information, "The mode is now {Mode}.")]
    private static partial void LogMode(ILogger logger, FailoverMode mode);

    [LoggerMessage(7604, LogLevel.Warning, "Something did not stop within {Seconds} s, or the stop was shortened. What was not sent is in the buffer, or in the others'.")]
    private static partial void LogImpatient(ILogger logger, double seconds);

    [LoggerMessage(7605, LogLevel.Warning, "A part of the adapter could not be stopped in order.")]
    private static partial void LogStopFailed(ILogger logger, Exception exception);
}
