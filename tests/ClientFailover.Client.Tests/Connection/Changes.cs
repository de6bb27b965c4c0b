namespace ClientFailover.Client.Tests.Connection;

/// <summary>Responsible for waiting for what a part of a test remembers: looked at anew whenever it has changed, not by the clock.</summary>
internal sealed class Changes
{
    private TaskCompletionSource _next = New();

    /// <summary>Something has changed.</summary>
    public void Tell() => Interlocked.Exchange(ref _next, New()).TrySetResult();

    /// <summary>Waits until it is as wanted.</summary>
    public async Task UntilAsync(Func<bool> condition)
    {
        while (true)
        {
            // First whom to wait for: what changes after that is not missed.
            var next = Volatile.Read(ref _next).Task;
            if (condition())
            {
                return;
            }

            await next.Soon();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
