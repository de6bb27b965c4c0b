using System.Diagnostics;

namespace ClientFailover.Client.Tests;

/// <summary>Waits for what other threads do, in real time; virtual time stands still.</summary>
internal static class Eventually
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    public static async Task IsTrueAsync(Func<bool> condition)
    {
        var begin = Stopwatch.GetTimestamp();
        while (!condition())
        {
            if (Stopwatch.GetElapsedTime(begin) > Patience)
            {
                throw new TimeoutException("It never came true.");
            }

            await Task.Yield();
        }
    }
}
