namespace ClientFailover.Service.Identity;

/// <summary>
/// Responsible for noticing a change of the accounts while nobody logs on: whoever has nothing but an open stream must
/// lose it, too.
/// </summary>
/// <param name="users">The accounts.</param>
/// <param name="time">The clock.</param>
internal sealed class UserStoreWatch(UserStore users, TimeProvider time) : BackgroundService
{
    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(UserStore.CheckInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
        {
            users.Refresh();
        }
    }
}
