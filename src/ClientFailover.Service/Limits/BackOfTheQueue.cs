using System.Runtime.CompilerServices;

namespace ClientFailover.Service.Limits;

/// <summary>
/// Goes on behind everything that waits for a thread. <see cref="Task.Yield"/> is not enough for that: what a thread puts off with it, the same
/// thread takes up before it looks at what others wait for.
/// </summary>
internal readonly struct BackOfTheQueue : ICriticalNotifyCompletion
{
    /// <summary>To be awaited.</summary>
    public static BackOfTheQueue Yield => default;

    /// <summary>Never: it always goes to the back.</summary>
    public bool IsCompleted => false;

    /// <summary>The awaiter.</summary>
    /// <returns>Itself.</returns>
    public BackOfTheQueue GetAwaiter() => this;

    /// <summary>Nothing to be got.</summary>
    public void GetResult()
    {
    }

    /// <inheritdoc/>
    public void OnCompleted(Action continuation) => ThreadPool.QueueUserWorkItem(static c => c(), continuation, preferLocal: false);

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => ThreadPool.UnsafeQueueUserWorkItem(static c => c(), continuation, preferLocal: false);
}
