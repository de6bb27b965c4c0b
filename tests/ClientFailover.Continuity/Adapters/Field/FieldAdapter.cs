using ClientFailover.Client;
using ClientFailover.Continuity.Plant;

namespace ClientFailover.Continuity.Adapters.Field;

/// <summary>
/// Responsible for doing what adapters of the field do, habit for habit, nothing of it made for this service: heartbeats without
/// retry, a role that is kept for ever when nobody answers, a buffer in memory.
/// </summary>
internal sealed class FieldAdapter : IDisposable
{
    private const int Primary = 1;
    private const int PendingPrimary = 2;
    private const int MostConfirmations = 10;

    private static readonly TimeSpan FirstInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeaveTimeout = TimeSpan.FromSeconds(2);

    private readonly AdapterSettings _settings;
    private readonly FieldWire _wire;
    private readonly FieldQueue _queue;
    private readonly OmfSender _sender;
    private readonly FieldComponent[] _components;
    private readonly string _roleFile;
    private TimeSpan _failoverTimeout;
    private long _waitingSince = Environment.TickCount64;
    private bool _isPrimary;
    private string? _trouble;

    public FieldAdapter(AdapterSettings settings)
    {
        _settings = settings;
        _failoverTimeout = settings.FailoverTimeout;
        _wire = new FieldWire(settings);
        _queue = new FieldQueue(settings.Mode, settings.IsSabotaged);
        _sender = new OmfSender(settings);
        _roleFile = Path.Combine(settings.Folder, "role");
        _components = [.. Enumerable.Range(0, Signal.Sources).Select(source => new FieldComponent(settings, source, _queue.Add, Say.Line))];
    }

    /// <summary>Takes part until it is stopped, then leaves the group.</summary>
    public async Task RunAsync(CancellationToken stop)
    {
        // After a clean stop it goes on in the role that it had; after any other it is Secondary.
        var wasPrimary = File.Exists(_roleFile);
        File.Delete(_roleFile);
        Assume(wasPrimary, null, isFirst: true);

        Task[] parts = [TakePartAsync(stop), _queue.SendAsync(_sender, Say.Line, stop), .. _components.Select(component => component.RunAsync(stop))];
        var first = await Task.WhenAny(parts);
        if (!stop.IsCancellationRequested)
        {
            // A mistake of this program: it must not look like a fault.
            await first;
        }

        await Task.WhenAll(parts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_isPrimary)
        {
            await File.WriteAllTextAsync(_roleFile, "Primary", CancellationToken.None);
        }

        using var leaving = new CancellationTokenSource(LeaveTimeout);
        await TryAsync(_wire.LeaveAsync, leaving.Token);
        if (!_queue.IsSent)
        {
            using var rest = new CancellationTokenSource(LeaveTimeout);
            await _queue.SendAsync(_sender, Say.Line, rest.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public void Dispose()
    {
        _wire.Dispose();
        _sender.Dispose();
    }

    private async Task TakePartAsync(CancellationToken stop)
    {
        // An adapter that could not register heartbeats all the same: the answer is 404, and it registers then.
        await TryAsync(RegisterAsync, stop);
        await TryAsync(BeatAsync, stop);
        await Task.Delay(FirstInterval, stop);
        await TryAsync(BeatAsync, stop);
        using var timer = new PeriodicTimer(_failoverTimeout / 2);
        while (await timer.WaitForNextTickAsync(stop))
        {
            await TryAsync(BeatAsync, stop);
        }
    }

    private async Task RegisterAsync(CancellationToken stop) => _failoverTimeout = await _wire.RegisterAsync(stop);

    private async Task BeatAsync(CancellationToken stop)
    {
        for (var beat = 0; beat <= MostConfirmations; beat++)
        {
            if (await _wire.BeatAsync(Score(), _queue.LastDataProcessed, stop) is not { } reply)
            {
                // Unknown: it registers, and beats again when the next beat is due.
                await RegisterAsync(stop);
                return;
            }

            if (reply.Role != PendingPrimary)
            {
                Assume(reply.Role == Primary, reply.LastDataProcessedTime, isFirst: false);
                return;
            }

            // It keeps its role, and a heartbeat at once confirms that it is there.
        }
    }

    private void Assume(bool isPrimary, DateTime? lastDataProcessed, bool isFirst)
    {
        if (isPrimary != _isPrimary || isFirst)
        {
            Say.Took(isPrimary ? "Primary" : "Secondary", null);
            _waitingSince = _isPrimary ? Environment.TickCount64 : _waitingSince;
        }

        _isPrimary = isPrimary;
        _queue.Assume(isPrimary, lastDataProcessed, _failoverTimeout);
        foreach (var component in _components)
        {
            component.Assume(isPrimary);
        }
    }

    private float Score()
    {
        if (_settings.Mode != FailoverMode.Cold || _isPrimary)
        {
            return 100f * _components.Count(component => component.IsConnected) / _components.Length;
        }

        // It cannot know: 0..1, and 0 for two timeouts after its start and after each demotion.
        return Environment.TickCount64 - _waitingSince < 2 * _failoverTimeout.TotalMilliseconds
            ? 0
            : 1f * _components.Count(component => !component.WasInErrorWithin(10 * _failoverTimeout)) / _components.Length;
    }

    /// <summary>Whatever the answer is but a good one: it says so once and keeps its role.</summary>
    private async Task TryAsync(Func<CancellationToken, Task> call, CancellationToken stop)
    {
        try
        {
            await call(stop);
            _trouble = null;
        }
        catch (Exception e)
        {
            if (!stop.IsCancellationRequested && _trouble != e.Message)
            {
                _trouble = e.Message;
                Say.Line($"keeps its role: {e.Message}");
            }
        }
    }
}
