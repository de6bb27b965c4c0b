using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Collection;

internal sealed partial class Ledger
{
    [LoggerMessage(7200, LogLevel.Warning, "This process did not run for {Seconds:0.0} s ({From:O} to {To:O}): stopped, suspended or overloaded. Data may have been missed.")]
    private static partial void LogPause(ILogger logger, double seconds, DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(7201, LogLevel.Warning, "Component {Component}: a gap in the data from {From:O} to {To:O}, because {Cause}. No other adapter was there to fill it.")]
    private static partial void LogGap(ILogger logger, string component, string cause, DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(7202, LogLevel.Information, "Component {Component}: the Primary has sent what was missed here; it counts again.")]
    private static partial void LogWhole(ILogger logger, string component);

    [LoggerMessage(7203, LogLevel.Warning, "Component {Component}: what was missed from {From:O} to {To:O} is not known to have been sent by the Primary; it counts again all the same.")]
    private static partial void LogTakenForWhole(ILogger logger, string component, DateTimeOffset from, DateTimeOffset to);

    [LoggerMessage(7204, LogLevel.Warning, "Component {Component}: a value of stream {Stream} is older than what was published or declared before. Such values can be lost in a handover. Logged once.")]
    private static partial void LogOutOfOrder(ILogger logger, string component, string stream);
}
