using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection;

/// <summary>What people read of the connection.</summary>
internal sealed partial class Connector
{
    [LoggerMessage(7040, LogLevel.Information, "Connected to the failover service over {Kind} at {Endpoint}, after {Outage:0.000} s without.")]
    private static partial void LogConnected(ILogger logger, ConnectionState kind, Endpoint endpoint, double outage);

    [LoggerMessage(7041, LogLevel.Warning, "No connection to the failover service at {Endpoint}: {Cause}{Advice} It is tried again until it works; the same cause is not logged again.")]
    private static partial void LogNoLink(ILogger logger, Endpoint endpoint, string cause, string advice);

    [LoggerMessage(7042, LogLevel.Error, "Another process uses the session id '{Session}' of this adapter: the failover service gave the session to it, and this adapter is Secondary now. Each adapter needs a SessionId of its own, and runs once. Trying again, with long pauses.")]
    private static partial void LogReplaced(ILogger logger, string session);

    [LoggerMessage(7043, LogLevel.Error, "Unexpected error in the connection to the failover service. It is opened anew.")]
    private static partial void LogUnexpected(ILogger logger, Exception exception);

    [LoggerMessage(7045, LogLevel.Warning, "The token of the stream expires soon, and no stream can be had with a new one: {Cause} It is tried again until it works.")]
    private static partial void LogNotRenewed(ILogger logger, string cause);

    [LoggerMessage(7044, LogLevel.Debug, "The stream still cannot be had: {Cause}")]
    private static partial void LogStillRest(ILogger logger, string cause);
}
