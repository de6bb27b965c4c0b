using Microsoft.Extensions.Logging.Abstractions;

namespace ClientFailover.Client.Tests.Collection.Simulation;

/// <summary>Responsible for a machine on which an adapter is started, frozen, killed and started again.</summary>
internal sealed class SimulatedNode
{
    private readonly VirtualWorld _world;
    private readonly SimulatedService _service;
    private readonly List<Value> _values;
    private readonly bool _onStream;
    private readonly TimeSpan _ahead;
    private readonly List<(int Component, Value Value)> _heldBySource = [];
    private IReadOnlyList<DataItem> _disk = [];

    public SimulatedNode(VirtualWorld world, SimulatedService service, List<Value> values, string id, bool onStream, bool sourceTimestamps, TimeSpan ahead)
    {
        (_world, _service, _values, Id, _onStream, SourceTimestamps, _ahead) = (world, service, values, id, onStream, sourceTimestamps, ahead);
        world.Busy.Add(() => Adapter is { } adapter && IsRunning && !IsStopping && !adapter.IsAtRest(
            name => Components[name[1] - '0'].IsCollecting, Egress!.IsSending, Membership!.Drain is { IsCompleted: false }));
    }

    public string Id { get; }

    public bool SourceTimestamps { get; }

    public int Life { get; private set; }

    public bool IsRunning { get; private set; }

    public bool IsStopping { get; private set; }

    public FailoverAdapter? Adapter { get; private set; }

    public NodeClock? Clock { get; private set; }

    public MemoryBuffer? Buffer { get; private set; }

    public SimulatedEgress? Egress { get; private set; }

    public SimulatedMembership? Membership { get; private set; }

    public List<SimulatedComponent> Components { get; } = [];

    /// <summary>What arrives while the process is frozen waits in the machine; else it is missed.</summary>
    public bool KeepsWhileFrozen { get; init; }

    public bool IsPrimary => IsRunning && Adapter!.State.Role == FailoverRole.Primary;

    public void Start(FailoverMode mode = FailoverMode.Hot)
    {
        Life++;
        var clock = Clock = new NodeClock(_world, _ahead);
        Components.Clear();
        for (var i = 0; i < Plant.Components; i++)
        {
            Components.Add(new SimulatedComponent(this, i, Plant.StreamsOf(i)));
        }

        Buffer = new MemoryBuffer(SourceTimestamps);
        foreach (var item in _disk)
        {
            Buffer.Append(item);
        }

        Egress = new SimulatedEgress(_world, clock, _values);
        var options = new FailoverOptions { FailoverGroupId = "g", FailoverTimeout = _service.Timeout, SourceTimestamps = SourceTimestamps, Mode = mode };
        Adapter = new FailoverAdapter(
            options, Components, Egress, Buffer,
            member => Membership = new SimulatedMembership(_world, _service, clock, member, Id, _onStream, SourceTimestamps),
            clock, NullLogger.Instance);
        IsRunning = true;
        Adapter.StartAsync().GetAwaiter().GetResult();
    }

    public void Kill()
    {
        _disk = [.. Buffer!.Items.Where(i => i.ReceivedTime < Clock!.GetUtcNow() - TimeSpan.FromMilliseconds(250))];
        IsRunning = false;
        Life++;
        Clock!.Die();
        Membership!.Die();
    }

    public void StopInOrder()
    {
        IsStopping = true;
        var stopped = Adapter!.StopAsync();
        while (!stopped.IsCompleted)
        {
            _world.RunFor(TimeSpan.FromMilliseconds(10));
            Thread.Yield();
        }

        _disk = Buffer!.Items;
        (IsStopping, IsRunning) = (false, false);
        Life++;
    }

    public void Freeze() => Clock!.Freeze();

    public void Thaw()
    {
        if (IsRunning)
        {
            Clock!.Thaw();
            var held = _heldBySource.ToList();
            _heldBySource.Clear();
            _world.After(TimeSpan.Zero, () => held.ForEach(h => Components[h.Component].Take(h.Value)));
        }
    }

    /// <summary>A value arrives at the machine.</summary>
    public void Arrive(Value value)
    {
        if (!IsRunning)
        {
            return;
        }

        if (!Clock!.IsFrozen)
        {
            Components[value.Component].Take(value);
        }
        else if (KeepsWhileFrozen)
        {
            _heldBySource.Add((value.Component, value));
        }
    }
}
