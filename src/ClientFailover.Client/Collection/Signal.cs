namespace ClientFailover.Client.Collection;

/// <summary>Responsible for waking one loop: what is signalled while nobody waits is not lost.</summary>
internal sealed class Signal(TimeProvider time)
{
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

    /// <summary>Waits for the signal, but no longer than a time.</summary>
    public async Task WaitAsync(TimeSpan atMost)
    {
        using var timer = time.CreateTimer(static s => ((Signal)s!).Set(), this, atMost, Timeout.InfiniteTimeSpan);
        await WaitAsync().ConfigureAwait(false);
    }
}
