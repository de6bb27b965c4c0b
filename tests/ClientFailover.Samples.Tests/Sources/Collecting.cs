using ClientFailover.Client;

namespace ClientFailover.Samples.Tests.Sources;

/// <summary>A component that is led through its life as its adapter would.</summary>
internal sealed class Collecting(IAdapterComponent component) : IAsyncDisposable
{
    private CancellationTokenSource _stop = new();
    private Task _running = Task.CompletedTask;

    public RecordingContext Context { get; } = new();

    public Task Ended => _running;

    /// <summary>Starts, connects, and collects.</summary>
    public async Task StartAsync()
    {
        await component.StartAsync(Context, CancellationToken.None);
        await ConnectAsync();
    }

    /// <summary>Connects and collects, after a loss.</summary>
    public async Task ConnectAsync()
    {
        await component.ConnectAsync(CancellationToken.None);
        _stop = new CancellationTokenSource();
        _running = Task.Run(() => component.CollectAsync(_stop.Token));
    }

    public async Task StopCollectingAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(Patience.Limit).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        await StopCollectingAsync();
        await component.StopAsync(CancellationToken.None);
        _stop.Dispose();
    }
}
