namespace ClientFailover.Client.Connection;

/// <summary>Responsible for waits that somebody may cut short. A call before the wait is not lost.</summary>
/// <param name="time">The clock.</param>
internal sealed class Wake(TimeProvider time)
{
    private static readonly TimeSpan Slack = TimeSpan.FromMilliseconds(20);

    private TaskCompletionSource _called = New();

    /// <summary>Ends the wait, or the next one.</summary>
    public void Call() => Volatile.Read(ref _called).TrySetResult();

    /// <summary>Waits until the time is over or somebody calls; may end early.</summary>
    /// <param name="longest">How long, from <paramref name="since"/>.</param>
    /// <param name="since">When <paramref name="longest"/> was found out.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task WaitAsync(TimeSpan longest, long since, CancellationToken cancellation)
    {
        var called = Volatile.Read(ref _called).Task;
        if (longest > TimeSpan.Zero && !called.IsCompleted)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            var delay = Task.Delay(longest, time, ended.Token);

            // A virtual clock may have been advanced before the timer was set, which then would ring that much too late.
            if (time.GetElapsedTime(since) < Slack)
            {
                await Task.WhenAny(called, delay).ConfigureAwait(false);
            }

            await ended.CancelAsync().ConfigureAwait(false);
        }

        cancellation.ThrowIfCancellationRequested();
        if (called.IsCompleted)
        {
            Volatile.Write(ref _called, New());
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
