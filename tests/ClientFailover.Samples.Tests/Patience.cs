using NUnit.Framework;

namespace ClientFailover.Samples.Tests;

/// <summary>How tests wait for what other processes do.</summary>
internal static class Patience
{
    /// <summary>Long enough for any machine that is only slow.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromSeconds(60);

    /// <summary>Waits until it is so.</summary>
    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Limit);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (!condition())
        {
            Assert.That(limit.IsCancellationRequested, Is.False, what);
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
    }
}
