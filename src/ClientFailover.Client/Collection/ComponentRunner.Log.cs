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

    [LoggerMessage(7213, LogLevel.Warning, "Component {Component} was cancelled on its way to {Aim}, and has not come back for {Seconds} s. It does nothing else until then: it has to honour its CancellationToken.")]
    private static partial void LogHangs(ILogger logger, string component, ComponentPhase aim, double seconds);
}
