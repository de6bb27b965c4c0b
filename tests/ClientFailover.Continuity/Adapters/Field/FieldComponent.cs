using ClientFailover.Client;
using ClientFailover.Continuity.Plant;

namespace ClientFailover.Continuity.Adapters.Field;

/// <summary>Responsible for one source of an adapter of the field: started, connected and collecting as mode and role ask for.</summary>
internal sealed class FieldComponent(AdapterSettings settings, int source, Action<OmfValue> collected, Action<string> trouble)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(500);

    private readonly string[] _streams = [.. Signal.StreamsOf(settings.Group, source)];
    private volatile TaskCompletionSource _roleChanged = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _isPrimary;
    private long _lastError = long.MinValue;

    /// <summary>Whether it reaches its source now.</summary>
    public bool IsConnected { get; private set; }

    /// <summary>Whether it was in error within the time.</summary>
    public bool WasInErrorWithin(TimeSpan time) =>
        Interlocked.Read(ref _lastError) is not long.MinValue and var error && Environment.TickCount64 - error < time.TotalMilliseconds;

    /// <summary>Takes the role.</summary>
    public void Assume(bool isPrimary)
    {
        if (_isPrimary != isPrimary)
        {
            _isPrimary = isPrimary;
            Interlocked.Exchange(ref _roleChanged, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    /// <summary>Runs until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        var isStarted = false;
        while (!stop.IsCancellationRequested)
        {
            var roleChanged = _roleChanged.Task;
            if (settings.Mode == FailoverMode.Cold && !_isPrimary)
            {
                isStarted = false;
                await roleChanged.WaitAsync(stop);
                continue;
            }

            if (!isStarted)
            {
                await Task.Delay(settings.StartTime, stop);
                isStarted = true;
            }

            try
            {
                await ServeAsync(roleChanged, stop);
            }
            catch (IOException e)
            {
                IsConnected = false;
                Interlocked.Exchange(ref _lastError, Environment.TickCount64);
                trouble($"source {source}: {e.Message}");
                await Task.Delay(RetryDelay, stop);
            }
        }
    }

    private async Task ServeAsync(Task roleChanged, CancellationToken stop)
    {
        var name = new ClientName(settings.Group, settings.Name, settings.Life, source);
        using var reader = await SourceReader.ConnectAsync(settings.SourcePorts[source], name, stop);
        IsConnected = true;
        try
        {
            while (settings.Mode == FailoverMode.Warm && !_isPrimary)
            {
                await roleChanged.WaitAsync(stop);
                roleChanged = _roleChanged.Task;
            }

            using var demoted = CancellationTokenSource.CreateLinkedTokenSource(stop);
            var watch = settings.Mode == FailoverMode.Hot ? Task.CompletedTask : CancelWhenDemotedAsync(demoted);
            try
            {
                await reader.CollectAsync(Take, demoted.Token);
            }
            finally
            {
                await demoted.CancelAsync();
                await watch;
            }
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // Demoted in warm or cold mode.
        }
        finally
        {
            IsConnected = false;
        }
    }

    private async Task CancelWhenDemotedAsync(CancellationTokenSource demoted)
    {
        var roleChanged = _roleChanged.Task;
        while (_isPrimary && !demoted.IsCancellationRequested)
        {
            await roleChanged.WaitAsync(demoted.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            roleChanged = _roleChanged.Task;
        }

        await demoted.CancelAsync();
    }

    private void Take(long tick, DateTimeOffset time)
    {
        for (var stream = 0; stream < _streams.Length; stream++)
        {
            collected(new OmfValue(_streams[stream], Signal.TimeOf(time, stream), tick));
        }
    }
}
