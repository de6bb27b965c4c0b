using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Connection.Sessions;

/// <summary>What people read of a session.</summary>
internal sealed partial class LinkSession
{
    // Once until one is taken: the next ones say the same.
    private void LogRefusal(Told.Invalid told)
    {
        if (!_refused)
        {
            _refused = true;
            LogInvalid(_logger, told.Message.ReplaceLineEndings(" "));
        }
    }

    [LoggerMessage(7030, LogLevel.Error, "The failover service refused a heartbeat: {Message}")]
    private static partial void LogInvalid(ILogger logger, string message);

    [LoggerMessage(7031, LogLevel.Debug, "Term {Term} was not acknowledged: {Cause}")]
    private static partial void LogUnacknowledged(ILogger logger, long term, string cause);
}
