using ClientFailover.Service.Logging;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Configuration;

/// <summary>
/// Responsible for the stored configuration being in force before the first request is answered, and its level of the log
/// with it. Started after the groups, whose start opens the store.
/// </summary>
/// <param name="store">Where it is kept.</param>
/// <param name="configuration">Where it goes.</param>
/// <param name="level">The level of the log.</param>
internal sealed class ConfigurationLifetime(IGroupStore store, ConfigurationStore configuration, LogLevelSwitch level) : IHostedService
{
    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        configuration.Changed += c => level.Set(c.Level);
        configuration.Restore(await store.LoadConfigurationAsync(cancellationToken).ConfigureAwait(false));
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
