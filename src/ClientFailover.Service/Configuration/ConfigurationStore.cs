using System.Collections.Frozen;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Configuration;

/// <summary>
/// Responsible for the configuration in force. Changes are made one at a time, and are in force when they are durable.
/// Whoever acts on it subscribes to <see cref="Changed"/>.
/// </summary>
/// <param name="store">Where it is kept.</param>
/// <param name="protection">Tells which secrets can be decrypted.</param>
/// <param name="clock">How long the store is waited for.</param>
/// <param name="log">The log.</param>
internal sealed partial class ConfigurationStore(
    IGroupStore store, SecretProtection protection, ServiceClock clock, ILogger<ConfigurationStore> log) : IDisposable
{
    private readonly SemaphoreSlim _turn = new(1);
    private volatile ServiceConfiguration _current = ServiceConfiguration.Empty;
    private volatile FrozenSet<ProtectedSecret> _unreadable = [];

    /// <summary>
    /// Another configuration is in force, the stored one at the start among them. Called in the order of changes, before
    /// their callers are answered: it must be quick and must not throw.
    /// </summary>
    public event Action<ServiceConfiguration>? Changed;

    /// <summary>The configuration in force.</summary>
    public ServiceConfiguration Current => _current;

    /// <summary>Takes what was stored. Secrets that cannot be decrypted are told of; they are kept, as their keys may come back.</summary>
    /// <param name="stored">The configuration.</param>
    public void Restore(ServiceConfiguration stored)
    {
        var unreadable = new HashSet<ProtectedSecret>();
        foreach (var endpoint in stored.HealthEndpoints.Where(e => !protection.CanReveal(e)))
        {
            LogUnreadable(endpoint.Id, protection.KeyDirectory);
            unreadable.UnionWith(new[] { endpoint.Password, endpoint.ClientSecret }.OfType<ProtectedSecret>());
        }

        _unreadable = unreadable.ToFrozenSet();
        Apply(stored);
    }

    /// <summary>Whether the secret of an endpoint could not be decrypted at the start, and was not set since.</summary>
    /// <param name="endpoint">The endpoint.</param>
    /// <returns>True: nothing can be sent with it.</returns>
    public bool IsUnreadable(HealthEndpoint endpoint) =>
        (endpoint.Password is { } password && _unreadable.Contains(password))
        || (endpoint.ClientSecret is { } secret && _unreadable.Contains(secret));

    /// <summary>Changes the configuration. Answers after the change is durable and in force.</summary>
    /// <param name="change">Makes the new one of the one in force; what it throws is thrown, and nothing is changed.</param>
    /// <param name="cancellation">Ends the waiting, not the change.</param>
    /// <returns>Completes when it is made.</returns>
    /// <exception cref="StoreUnavailableException">The store cannot be written; nothing was changed.</exception>
    public async Task ChangeAsync(Func<ServiceConfiguration, ServiceConfiguration> change, CancellationToken cancellation)
    {
        try
        {
            await ChangeInTurnAsync(change).WaitAsync(StoreUnavailableException.Patience, clock.Time, cancellation).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw StoreUnavailableException.NotAnswered();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turn.Dispose();

    private async Task ChangeInTurnAsync(Func<ServiceConfiguration, ServiceConfiguration> change)
    {
        await _turn.WaitAsync().ConfigureAwait(false);
        try
        {
            var next = change(_current);
            var write = new ConfigurationWrite(ConfigurationText.Write(next));
            store.Append(write);
            if (!await write.Stored.ConfigureAwait(false))
            {
                throw new StoreUnavailableException(store.Health.Reason ?? "The store refused the change.");
            }

            Apply(next);
        }
        finally
        {
            _turn.Release();
        }
    }

    private void Apply(ServiceConfiguration configuration)
    {
        _current = configuration;
        Changed?.Invoke(configuration);
    }
}
