namespace ClientFailover.Client.Tests.Collection.Simulation;

/// <summary>Responsible for virtual time: does what is due, and lets everybody come to rest before time goes on.</summary>
internal sealed class VirtualWorld(int seed)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private readonly PriorityQueue<Action, (TimeSpan Time, long Order)> _queue = new();
    private long _order;

    public TimeSpan Now { get; private set; }

    public Random Random { get; } = new(seed);

    /// <summary>Whether somebody is still busy.</summary>
    public List<Func<bool>> Busy { get; } = [];

    /// <summary>When the service has something to do by itself.</summary>
    public Func<TimeSpan?> NextDeadline { get; set; } = static () => null;

    public Action Tick { get; set; } = static () => { };

    public void After(TimeSpan delay, Action action)
    {
        lock (_queue)
        {
            _queue.Enqueue(action, (Now + delay, ++_order));
        }
    }

    public void RunFor(TimeSpan time) => RunUntil(Now + time);

    public void RunUntil(TimeSpan end)
    {
        Rest();
        while (true)
        {
            var next = Next();
            if (NextDeadline() is { } deadline && deadline <= next && deadline <= end)
            {
                Now = deadline > Now ? deadline : Now;
                Tick();
            }
            else if (next <= end)
            {
                Now = next;
                Take()();
            }
            else
            {
                Now = end;
                return;
            }

            Rest();
        }
    }

    public TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * Random.NextDouble());

    private TimeSpan Next()
    {
        lock (_queue)
        {
            return _queue.TryPeek(out _, out var first) ? first.Time : TimeSpan.MaxValue;
        }
    }

    private Action Take()
    {
        lock (_queue)
        {
            return _queue.Dequeue();
        }
    }

    /// <summary>Continuations run on other threads; virtual time waits for them, in no time of its own.</summary>
    private void Rest()
    {
        var spin = default(SpinWait);
        var begin = System.Diagnostics.Stopwatch.GetTimestamp();
        while (Busy.Exists(b => b()))
        {
            spin.SpinOnce(sleep1Threshold: -1);
            if (System.Diagnostics.Stopwatch.GetElapsedTime(begin) > Patience)
            {
                throw new TimeoutException($"Somebody never comes to rest at {Now}.");
            }
        }
    }
}
