namespace ClientFailover.Samples.AdapterPair.Signal;

/// <summary>Responsible for taking a sample of the machine's CPU load at every tick of the wall clock's common grid.</summary>
internal sealed class CpuSampler(TimeProvider time)
{
    /// <summary>Takes samples until it is cancelled, and hands each to <paramref name="collect"/>.</summary>
    public async Task RunAsync(Action<Sample> collect, CancellationToken cancellation)
    {
        var before = CpuTimes.Read();
        var load = 0.0;
        var sequence = Sample.SequenceAt(time.GetUtcNow());
        while (true)
        {
            await Task.Delay(UntilTick(sequence + 1), time, cancellation);
            var now = time.GetUtcNow();
            var current = Sample.SequenceAt(now);
            if (current <= sequence)
            {
                continue;
            }

            var times = CpuTimes.Read();
            if (times.Total > before.Total)
            {
                load = 100.0 * (times.Busy - before.Busy) / (times.Total - before.Total);
                before = times;
            }

            // After a late wake-up the counters tell the mean of all ticks that passed: the right value for each of them.
            while (sequence < current)
            {
                collect(new Sample(++sequence, load, now));
            }
        }
    }

    private TimeSpan UntilTick(long sequence)
    {
        var wait = DateTimeOffset.UnixEpoch + (sequence * Sample.Interval) - time.GetUtcNow();

        // Never longer than a tick: the clock may have been set back.
        return wait < TimeSpan.Zero ? TimeSpan.Zero : wait > Sample.Interval ? Sample.Interval : wait;
    }
}
