using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Collection;

internal sealed partial class ComponentRunner
{
    [LoggerMessage(7210, LogLevel.Warning, "Component {Component} failed. It is started anew until it works; logged once until then.")]
    private static partial void LogFailed(ILogger logger, string component, Exception exception);

    [LoggerMessage(7211, LogLevel.Information, "Component {Component} works again.")]
    private static partial void LogResolved(ILogger logger, string component);

    [LoggerMessage(7212, LogLevel.Warning, "Component {Component} could not be stopped in order.")]
    private static partial void LogStopFailed(ILogger logger, string component, Exception exception);
}
