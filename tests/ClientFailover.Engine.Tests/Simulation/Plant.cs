namespace ClientFailover.Engine.Tests.Simulation;

/// <summary>A value that a source produced.</summary>
/// <param name="Component">Of which component.</param>
/// <param name="Time">When.</param>
internal sealed record Value(int Component, TimeSpan Time)
{
    /// <summary>How often the destination received it.</summary>
    internal int Received { get; set; }

    /// <summary>Which life of which adapter collected it.</summary>
    internal List<(SimulatedAdapter Adapter, int Life)> CollectedBy { get; } = [];

    /// <summary>Somebody who collected it has run ever since, and the destination does not have it.</summary>
    internal bool IsLost => Received == 0 && CollectedBy.Exists(c => c.Adapter.Life == c.Life && c.Adapter.IsRunning);
}

/// <summary>Responsible for the sources and the destination: produces values at a rate, and counts what arrives.</summary>
internal sealed class Plant
{
    internal const int Components = 4;

    private readonly World world;
    private readonly TimeSpan interval;

    internal Plant(World world, TimeSpan interval)
    {
        this.world = world;
        this.interval = interval;
        world.After(interval, Produce);
    }

    internal List<SimulatedAdapter> Adapters { get; } = [];

    internal List<Value> Values { get; } = [];

    private void Produce()
    {
        var value = new Value(Values.Count % Components, world.Now);
        Values.Add(value);
        foreach (var adapter in Adapters)
        {
            adapter.Collect(value);
        }

        world.After(interval, Produce);
    }
}
