namespace ClientFailover.Engine.Tests.Simulation;

/// <summary>Responsible for virtual time: runs what is due, and lets the service tick in between.</summary>
internal sealed class World(int seed)
{
    private readonly PriorityQueue<Action, (TimeSpan Time, long Order)> queue = new();
    private long order;

    internal TimeSpan Now { get; private set; }

    internal Random Random { get; } = new(seed);

    internal SimulatedService? Service { get; set; }

    internal void After(TimeSpan delay, Action action) => queue.Enqueue(action, (Now + delay, ++order));

    internal void RunUntil(TimeSpan end)
    {
        while (true)
        {
            var next = queue.TryPeek(out _, out var first) ? first.Time : TimeSpan.MaxValue;
            if (Service?.NextDeadline is { } deadline && deadline <= next && deadline <= end)
            {
                Now = deadline > Now ? deadline : Now;
                Service.Tick();
            }
            else if (next <= end)
            {
                Now = next;
                queue.Dequeue()();
            }
            else
            {
                Now = end;
                return;
            }
        }
    }

    /// <summary>A random span between two.</summary>
    internal TimeSpan Between(TimeSpan least, TimeSpan most) => least + ((most - least) * Random.NextDouble());
}
