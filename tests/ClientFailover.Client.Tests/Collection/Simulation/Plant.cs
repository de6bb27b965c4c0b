namespace ClientFailover.Client.Tests.Collection.Simulation;

/// <summary>Responsible for the sources: each value takes its time to each node, in order within a stream.</summary>
internal sealed class Plant
{
    public const int Components = 2;
    private const int StreamsEach = 2;

    private readonly VirtualWorld _world;
    private readonly TimeSpan _interval;
    private readonly IReadOnlyList<SimulatedNode> _nodes;
    private readonly Dictionary<(SimulatedNode Node, string Stream), TimeSpan> _latencies = [];

    public Plant(VirtualWorld world, List<Value> values, IReadOnlyList<SimulatedNode> nodes, TimeSpan interval, TimeSpan longestLatency)
    {
        (_world, Values, _nodes, _interval) = (world, values, nodes, interval);
        foreach (var node in nodes)
        {
            for (var i = 0; i < Components; i++)
            {
                foreach (var stream in StreamsOf(i))
                {
                    _latencies[(node, stream)] = world.Between(TimeSpan.FromMilliseconds(1), longestLatency);
                }
            }
        }

        world.After(interval, Produce);
    }

    public List<Value> Values { get; }

    public bool IsOver { get; set; }

    public static IReadOnlyList<string> StreamsOf(int component) =>
        [.. Enumerable.Range(component * StreamsEach, StreamsEach).Select(s => $"s{s}")];

    private void Produce()
    {
        if (IsOver)
        {
            return;
        }

        var number = Values.Count % (Components * StreamsEach);
        var value = new Value(Values.Count, number / StreamsEach, $"s{number}", _world.Now);
        Values.Add(value);
        foreach (var node in _nodes)
        {
            _world.After(_latencies[(node, value.Stream)], () => node.Arrive(value));
        }

        _world.After(_interval, Produce);
    }
}
