using ClientFailover.Client.Connection.Roles;
using ClientFailover.Client.Connection.Sessions;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client;

/// <summary>How a client leaves.</summary>
public sealed partial class FailoverClient
{
    private async Task StopOnceAsync(bool unregister, bool finish, CancellationToken cancellation)
    {
        await Task.Yield();
        using (var patience = new CancellationTokenSource(finish ? LeaveTime : DisposeTime, _time))
        using (var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation))
        {
            try
            {
                if (finish)
                {
                    // One that throws has been logged.
                    await _roles.FinishAsync(FinishTime).WaitAsync(FinishTime, _time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                }

                if (await FindSessionAsync(finish, either.Token).ConfigureAwait(false) is { } session)
                {
                    await session.LeaveAsync(unregister).WaitAsync(either.Token).ConfigureAwait(false);
                }
                else if (_running is not null && unregister)
                {
                    LogNotLeft(_logger, "it cannot be reached");
                }
            }
            catch (Exception e)
            {
                LogNotLeft(_logger, e is OperationCanceledException ? "it did not answer in time" : e.Message);
            }
        }

        await _stop.CancelAsync().ConfigureAwait(false);
        await (_running ?? Task.CompletedTask).ConfigureAwait(false);
        _ = _roles.LoseAsync(RoleKeeper.Leaving);
        await _member.DisposeAsync().ConfigureAwait(false);
        _board.Close();
    }

    // A stop may come in the moment in which the connection is made anew.
    private Task<LinkSession?> FindSessionAsync(bool mayWait, CancellationToken cancellation) =>
        mayWait ? _connector.FindSessionAsync(cancellation) : Task.FromResult(_connector.Session);

    [LoggerMessage(7001, LogLevel.Warning, "The failover service was not told that this adapter leaves: {Cause}. Its session goes on until its deadline.")]
    private static partial void LogNotLeft(ILogger logger, string cause);
}
