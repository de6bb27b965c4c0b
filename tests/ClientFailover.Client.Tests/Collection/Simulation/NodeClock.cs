namespace ClientFailover.Client.Tests.Collection.Simulation;

/// <summary>Responsible for the clock and timers of one node: it may be ahead of the others', be frozen, and die.</summary>
internal sealed class NodeClock(VirtualWorld world, TimeSpan ahead) : TimeProvider
{
    /// <summary>The time of day when a world begins; the engine's driver begins with it too.</summary>
    public static readonly DateTimeOffset Origin = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly List<Action> _held = [];
    private bool _isDead;

    public bool IsFrozen { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => world.Now.Ticks;

    public override DateTimeOffset GetUtcNow() => Origin + world.Now + ahead;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        new NodeTimer(this, () => callback(state), dueTime, period);

    /// <summary>Does something on this node: later if it is frozen, never if it is dead.</summary>
    public void Do(Action action)
    {
        if (_isDead)
        {
            return;
        }

        if (IsFrozen)
        {
            _held.Add(action);
        }
        else
        {
            action();
        }
    }

    public void Freeze() => IsFrozen = true;

    /// <summary>What was held happens, in any order that could be; a caller keeps what it has in order by one call.</summary>
    public void Thaw()
    {
        IsFrozen = false;
        var held = _held.ToArray();
        _held.Clear();
        world.Random.Shuffle(held);
        foreach (var action in held)
        {
            world.After(TimeSpan.Zero, () => Do(action));
        }
    }

    public void Die()
    {
        _isDead = true;
        _held.Clear();
    }

    private sealed class NodeTimer : ITimer
    {
        private readonly NodeClock _clock;
        private readonly Action _callback;
        private int _version;
        private TimeSpan _period;

        public NodeTimer(NodeClock clock, Action callback, TimeSpan dueTime, TimeSpan period)
        {
            (_clock, _callback) = (clock, callback);
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            var version = Interlocked.Increment(ref _version);
            if (dueTime != Timeout.InfiniteTimeSpan)
            {
                Schedule(dueTime, version);
            }

            return true;
        }

        public void Dispose() => Interlocked.Increment(ref _version);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }

        private void Schedule(TimeSpan dueTime, int version) => _clock.Later(dueTime, () =>
        {
            if (version != Volatile.Read(ref _version))
            {
                return;
            }

            _callback();
            if (_period > TimeSpan.Zero && version == Volatile.Read(ref _version))
            {
                Schedule(_period, version);
            }
        });
    }

    private void Later(TimeSpan dueTime, Action action) => world.After(dueTime, () => Do(action));
}
