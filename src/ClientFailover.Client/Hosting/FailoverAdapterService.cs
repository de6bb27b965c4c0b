using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ClientFailover.Client.Hosting;

/// <summary>Responsible for an adapter's life in a host, and for what changes in its configuration meanwhile.</summary>
/// <remarks>Options are made here at each change: of a change with a mistake a monitor of options tells nobody.</remarks>
internal sealed partial class FailoverAdapterService(
    FailoverAdapter adapter,
    FailoverMetrics metrics,
    IOptions<FailoverOptions> options,
    IOptionsFactory<FailoverOptions> factory,
    IEnumerable<IOptionsChangeTokenSource<FailoverOptions>> sources,
    ILogger<FailoverAdapterService> log)
    : IHostedLifecycleService, IDisposable
{
    private readonly string _started = OptionsText.Of(options.Value);
    private List<IDisposable> _changes = [];

    /// <inheritdoc/>
    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Watch(adapter);
        await adapter.StartAsync(cancellationToken).ConfigureAwait(false);
        _changes = [.. sources.Select(s => ChangeToken.OnChange(s.GetChangeToken, Changed))];
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Before the other services stop: components and egress may need them.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        Dispose();
        await adapter.StopAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => adapter.StopAsync(cancellationToken);

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public void Dispose() => _changes.ForEach(c => c.Dispose());

    private void Changed()
    {
        FailoverOptions changed;
        try
        {
            changed = factory.Create(Options.DefaultName);
        }
        catch (OptionsValidationException e)
        {
            LogWrong(log, string.Join(' ', e.Failures));
            return;
        }

        adapter.SetMode(changed.Mode);
        if (OptionsText.Of(changed) != _started)
        {
            LogNeedsRestart(log);
        }
    }
}
