namespace ClientFailover.Client.Connection;

/// <summary>Responsible for waits that somebody may cut short. A call before the wait is not lost.</summary>
/// <param name="time">The clock.</param>
internal sealed class Wake(TimeProvider time)
{
    private TaskCompletionSource _called = New();

    /// <summary>Ends the wait, or the next one.</summary>
    public void Call() => Volatile.Read(ref _called).TrySetResult();

    /// <summary>Waits until the time is over or somebody calls.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken cancellation)
    {
        var called = Volatile.Read(ref _called).Task;
        if (longest > TimeSpan.Zero && !called.IsCompleted)
        {
            using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            await Task.WhenAny(called, Task.Delay(longest, time, ended.Token)).ConfigureAwait(false);
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
