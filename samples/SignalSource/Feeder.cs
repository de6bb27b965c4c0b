namespace ClientFailover.Samples.Source;

/// <summary>Responsible for an outlet getting each tick once it has been, in order; what could not be handed on comes as soon as it can.</summary>
internal static class Feeder
{
    /// <summary>A scan of the plant: what has become since the last one is handed on together.</summary>
    private static readonly TimeSpan Scan = TimeSpan.FromMilliseconds(40);

    /// <summary>After a loss there may be much; it is handed on in pieces.</summary>
    private const uint MostTogether = 50;

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <returns>The last tick that was handed on.</returns>
    public static async Task<uint> RunAsync(IOutlet outlet, Signal signal, TimeSpan interval, CancellationToken stop)
    {
        await using var owned = outlet;
        using var timer = new PeriodicTimer(interval > Scan ? interval : Scan);
        var (next, connected) = (1u, false);
        while (!stop.IsCancellationRequested)
        {
            try
            {
                if (!connected)
                {
                    await outlet.ConnectAsync(stop);
                    connected = true;
                }

                var now = signal.TickAt(TimeProvider.System.GetUtcNow());
                if (now < next)
                {
                    await timer.WaitForNextTickAsync(stop);
                    continue;
                }

                var last = Math.Min(now, next + MostTogether - 1);
                await outlet.SendAsync(next, last, CancellationToken.None);
                next = last + 1;
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                connected = false;
                await Console.Error.WriteLineAsync($"Signal source: {exception.Message}");
                await Task.Delay(Pause, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return next - 1;
    }
}
