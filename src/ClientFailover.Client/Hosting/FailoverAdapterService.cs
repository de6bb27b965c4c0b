using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ClientFailover.Client.Hosting;

/// <summary>Responsible for an adapter's life in a host, and for what changes in its configuration meanwhile.</summary>
internal sealed partial class FailoverAdapterService(
    FailoverAdapter adapter, FailoverMetrics metrics, IOptionsMonitor<FailoverOptions> options, ILogger<FailoverAdapterService> log)
    : IHostedLifecycleService, IDisposable
{
    private readonly string _started = OptionsText.Of(options.CurrentValue);
    private IDisposable? _changes;

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Watch(adapter);
        await adapter.StartAsync(cancellationToken).ConfigureAwait(false);
        _changes = options.OnChange(Changed);
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the other services stop: components and egress may need them.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        _changes?.Dispose();
        await adapter.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => adapter.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _changes?.Dispose();

    private void Changed(FailoverOptions changed)
    {
        adapter.SetMode(changed.Mode);
        if (OptionsText.Of(changed) != _started)
        {
            LogNeedsRestart(log);
        }
    }
}
