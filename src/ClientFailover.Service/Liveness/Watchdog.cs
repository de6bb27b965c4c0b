using Microsoft.Extensions.Hosting.Systemd;

namespace ClientFailover.Service.Liveness;

/// <summary>
/// Responsible for telling systemd that the service is alive, as long as it is: a thread that is stuck, or a process in which
/// nothing runs any more, lets it fall silent, and systemd starts it anew.
/// </summary>
/// <param name="pulses">The threads that it lives by.</param>
/// <param name="notifier">The way to systemd.</param>
/// <param name="interval">How often systemd wants to hear.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
internal sealed partial class Watchdog(
    Pulses pulses,
    ISystemdNotifier notifier,
    WatchdogInterval interval,
    TimeProvider time,
    ILogger<Watchdog> log) : BackgroundService
{
    private static readonly ServiceState Alive = new("WATCHDOG=1");

    private bool _isSilent;
    private bool _isUnheard;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(interval.Between, time);
        LogWatched(interval.Value);
        try
        {
            do
            {
                Tell();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // It stops; systemd waits for that with another clock.
        }
    }

    private void Tell()
    {
        var stuck = pulses.Stuck;
        if (stuck.Count == 0)
        {
            if (_isSilent)
            {
                LogAliveAgain();
            }

            _isSilent = false;
            NotifyAlive();
            return;
        }

        if (!_isSilent)
        {
            LogStuck(string.Join(", ", stuck.Select(p => p.Name)), stuck.Max(p => p.Busy));
        }

        _isSilent = true;
    }

    private void NotifyAlive()
    {
        try
        {
            notifier.Notify(Alive);
        }
        catch (Exception e)
        {
            // Would end this service, and by that the host: whatever is wrong with the way to systemd, roles are decided without it.
            if (!_isUnheard)
            {
                LogNotTold(e.Message);
            }

            _isUnheard = true;
            return;
        }

        if (_isUnheard)
        {
            LogToldAgain();
        }

        _isUnheard = false;
    }
}
