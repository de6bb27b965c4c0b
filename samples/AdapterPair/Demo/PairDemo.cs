using System.Diagnostics;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>
/// Responsible for the course of the demo: both adapters run, the Primary is killed, the other takes over; the killed
/// one is started again, and it goes the other way round.
/// </summary>
internal sealed class PairDemo(
    AdapterProcess rest, AdapterProcess stream, GroupWatch watch, DestinationTail destination, DemoOptions options, Terminal terminal)
{
    // Some takeovers must wait for a heartbeat after the timeout; a loaded machine may take its time.
    private readonly TimeSpan _patience = (4 * options.FailoverTimeout) + TimeSpan.FromSeconds(10);

    // A restarted adapter's buffer must reach back further than a takeover can ask for.
    private readonly TimeSpan _warmUp =
        TimeSpan.FromTicks(Math.Max(options.Duration.Ticks, (2 * options.FailoverTimeout).Ticks));

    /// <returns>What each kill did, in their order.</returns>
    /// <exception cref="DemoException">Nobody took over, or the wrong one was Primary.</exception>
    public async Task<IReadOnlyList<Takeover>> RunAsync(CancellationToken cancellation)
    {
        // The first in the group becomes Primary.
        await rest.StartAsync(cancellation);
        await stream.StartAsync(cancellation);
        var first = await KillAsync(rest, stream, start: 0, cancellation);

        // The next window starts with the last line of this one, so that nothing can be lost between them.
        var start = destination.Count - 1;
        await rest.StartAsync(cancellation);
        var second = await KillAsync(stream, rest, start, cancellation);
        return [first, second];
    }

    private async Task<Takeover> KillAsync(
        AdapterProcess primary, AdapterProcess secondary, int start, CancellationToken cancellation)
    {
        await Task.Delay(_warmUp, cancellation);
        if (watch.Primary != primary.SessionId)
        {
            throw new DemoException($"{primary.Name} was to be Primary by now: {watch.Summary}.");
        }

        var before = destination.Count;
        var death = Stopwatch.GetTimestamp();
        await primary.KillAsync();
        DestinationRow first;
        try
        {
            first = await destination.FirstOfAsync(secondary.Name, before, cancellation).WaitAsync(_patience, cancellation);
        }
        catch (TimeoutException)
        {
            throw new DemoException($"{secondary.Name} did not take over within {_patience.TotalSeconds:F0} s.");
        }

        var time = Stopwatch.GetElapsedTime(death, first.Seen);
        terminal.Line(Speaker.Demo, $"{secondary.Name}'s first sample is there, {time.TotalSeconds:F2} s after the kill");
        await Task.Delay(options.Duration, cancellation);

        var rows = destination.RowsFrom(start);
        return new Takeover(
            primary.Name, secondary.Name, watch.Reason, time, Takeover.CountLost(rows), Takeover.CountDuplicated(rows));
    }
}
