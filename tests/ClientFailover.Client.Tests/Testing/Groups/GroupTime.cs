namespace ClientFailover.Client.Tests.Testing.Groups;

/// <summary>
/// A virtual clock for many threads: no timer is forgotten that is set or disposed of while it moves on. Timers ring in no
/// particular order.
/// </summary>
internal sealed class GroupTime(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _sync = new();
    private readonly List<GroupTimer> _timers = [];
    private long _now = start.UtcTicks;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => Volatile.Read(ref _now);

    public override DateTimeOffset GetUtcNow() => new(GetTimestamp(), TimeSpan.Zero);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new GroupTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    public void Advance(TimeSpan time)
    {
        List<GroupTimer> due;
        lock (_sync)
        {
            Volatile.Write(ref _now, _now + time.Ticks);
            due = _timers.FindAll(t => t.Due <= _now);
            due.ForEach(t => t.Due = t.Period > TimeSpan.Zero ? _now + t.Period.Ticks : long.MaxValue);
        }

        due.ForEach(t => t.Callback());
    }

    private sealed class GroupTimer(GroupTime time, Action callback) : ITimer
    {
        public Action Callback => callback;

        public long Due { get; set; } = long.MaxValue;

        public TimeSpan Period { get; private set; }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._sync)
            {
                time._timers.Remove(this);
                (Period, Due) = (period, dueTime < TimeSpan.Zero ? long.MaxValue : time._now + dueTime.Ticks);
                time._timers.Add(this);
            }

            if (dueTime == TimeSpan.Zero)
            {
                ThreadPool.QueueUserWorkItem(_ => time.Advance(TimeSpan.Zero));
            }

            return true;
        }

        public void Dispose()
        {
            lock (time._sync)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
