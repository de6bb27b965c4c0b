namespace ClientFailover.Client.Timing;

/// <summary>Responsible for waking one loop: what is signalled while nobody waits is not lost.</summary>
/// <param name="time">The clock.</param>
internal sealed class Signal(TimeProvider time)
{
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private readonly Lock _sync = new();
    private TaskCompletionSource? _waiter;
    private bool _isSet;

    /// <summary>Whether the loop waits and nothing has woken it.</summary>
    internal bool IsAwaited
    {
        get
        {
            lock (_sync)
            {
                return _waiter is not null;
            }
        }
    }

    /// <summary>Wakes the loop, or lets its next wait end at once.</summary>
    public void Set()
    {
        TaskCompletionSource? waiter;
        lock (_sync)
        {
            (waiter, _waiter) = (_waiter, null);
            _isSet = waiter is null;
        }

        waiter?.TrySetResult();
    }

    /// <summary>Waits for the signal.</summary>
    /// <returns>A task that ends with it.</returns>
    public Task WaitAsync()
    {
        lock (_sync)
        {
            if (_isSet)
            {
                _isSet = false;
                return Task.CompletedTask;
            }

            // A loop must not go on inside the call that woke it.
            _waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _waiter.Task;
        }
    }

    /// <summary>Waits for the signal, but no longer than a time; may end early.</summary>
    /// <param name="atMost">How long.</param>
    /// <returns>A task that ends then.</returns>
    public async Task WaitAsync(TimeSpan atMost)
    {
        using var timer = SetAfter(atMost);
        await WaitAsync().ConfigureAwait(false);
    }

    /// <summary>Waits for the signal, but no longer than a time that was found out before; may end early.</summary>
    /// <param name="atMost">How long, from <paramref name="since"/>.</param>
    /// <param name="since">When <paramref name="atMost"/> was found out.</param>
    /// <param name="cancellation">Ends the wait.</param>
    /// <returns>A task that ends then.</returns>
    public async Task WaitAsync(TimeSpan atMost, long since, CancellationToken cancellation)
    {
        using var registration = cancellation.UnsafeRegister(static s => ((Signal)s!).Set(), this);
        using var timer = SetAfter(atMost);

        // A virtual clock may have been advanced before the timer was set, which then would ring that much too late.
        if (time.GetElapsedTime(since) < Slack)
        {
            await WaitAsync().ConfigureAwait(false);
        }

        cancellation.ThrowIfCancellationRequested();
    }

    private ITimer SetAfter(TimeSpan pause) => time.CreateTimer(static s => ((Signal)s!).Set(), this, pause, Timeout.InfiniteTimeSpan);
}
