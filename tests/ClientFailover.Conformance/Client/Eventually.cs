using ClientFailover.Conformance.Running;

namespace ClientFailover.Conformance.Client;

/// <summary>Waits for what is told by no push.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until something holds.</summary>
    public static Task IsTrueAsync(Func<bool> condition) => IsTrueAsync(() => Task.FromResult(condition()));

    /// <summary>Waits until something holds that the service knows.</summary>
    public static async Task IsTrueAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(RunningService.Patience);
        while (!await condition())
        {
            await Task.Delay(Pause, patience.Token);
        }
    }
}
