namespace ClientFailover.Service.Tests.LongRun;

/// <summary>
/// A clock that the test moves by years in moments. As on a machine that has slept, a timer whose time has passed several times runs
/// once. Moved by one thread; timers may be made and changed by any.
/// </summary>
/// <param name="start">What it shows at first.</param>
internal sealed class VirtualTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<Timer> _timers = [];
    private long _passed;
    private long _next = long.MaxValue;

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => start + new TimeSpan(GetTimestamp());

    /// <inheritdoc/>
    public override long GetTimestamp() => Volatile.Read(ref _passed);

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Timer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Lets time pass, and runs the timers that are due then.</summary>
    /// <param name="time">How much.</param>
    public void Advance(TimeSpan time)
    {
        var now = Interlocked.Add(ref _passed, time.Ticks);
        while (Volatile.Read(ref _next) <= now)
        {
            List<Timer> due;
            lock (_gate)
            {
                due = [.. _timers.Where(t => t.Due <= now)];
                due.ForEach(t => t.Due = t.Period > 0 ? now + t.Period : long.MaxValue);
                _timers.RemoveWhere(t => t.Due == long.MaxValue);
                FindNext();
            }

            due.ForEach(t => t.Run());
        }
    }

    private void FindNext() => Volatile.Write(ref _next, _timers.Select(t => t.Due).DefaultIfEmpty(long.MaxValue).Min());

    private sealed class Timer(VirtualTime time, TimerCallback callback, object? state) : ITimer
    {
        public long Due { get; set; } = long.MaxValue;

        public long Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            bool isDue;
            lock (time._gate)
            {
                isDue = dueTime == TimeSpan.Zero;
                Period = Math.Max(0, period.Ticks);
                Due = dueTime < TimeSpan.Zero || (isDue && Period == 0) ? long.MaxValue : time._passed + (isDue ? Period : dueTime.Ticks);
                if (Due == long.MaxValue)
                {
                    time._timers.Remove(this);
                }
                else
                {
                    time._timers.Add(this);
                }

                time.FindNext();
            }

            if (isDue)
            {
                Run();
            }

            return true;
        }

        public void Run() => callback(state);

        public void Dispose()
        {
            lock (time._gate)
            {
                Due = long.MaxValue;
                time._timers.Remove(this);
                time.FindNext();
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
