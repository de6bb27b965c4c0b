using ClientFailover.Engine;

namespace ClientFailover.Client.Tests.Collection.Simulation;

/// <summary>What goes wrong in a run.</summary>
internal enum Fault
{
    LoseSource,
    Freeze,
    CutService,
    CutDestination,
    OrderOther,
    RestartService,
    Kill,
    Stop,
    OrderStarter,
}

/// <summary>One fault of a run.</summary>
/// <param name="Fault">What.</param>
/// <param name="OnPrimary">Whether it happens to the Primary; else to the other.</param>
/// <param name="Length">How long it lasts, as a share of three failover timeouts.</param>
/// <param name="Wait">How long to wait before it, as a share of a failover timeout.</param>
/// <param name="Choice">Decides the rest.</param>
internal sealed record Step(Fault Fault, bool OnPrimary, double Length, double Wait, int Choice);

/// <summary>A run: the group, and what happens to it.</summary>
/// <param name="Seed">Of what is random beside.</param>
/// <param name="Timeout">Failover timeout in seconds.</param>
/// <param name="SourceTimestamps">Whether the adapters report timestamps of sources.</param>
/// <param name="Streams">Which of the two nodes are on streams: bits.</param>
/// <param name="HoldsTime">Whether the service stops the group's time while the Primary is worse than another.</param>
/// <param name="Steps">The faults.</param>
internal sealed record Schedule(int Seed, int Timeout, bool SourceTimestamps, int Streams, bool HoldsTime, IReadOnlyList<Step> Steps)
{
    public override string ToString() =>
        $"seed {Seed}, FT {Timeout} s, source timestamps {SourceTimestamps}, streams {Streams}, holds {HoldsTime}: {string.Join("; ", Steps)}";
}

/// <summary>Responsible for one run of two real adapters under a schedule.</summary>
internal sealed class ContinuityRun
{
    private readonly VirtualWorld _world;
    private readonly SimulatedService _service;
    private readonly Plant _plant;
    private readonly List<SimulatedNode> _nodes = [];
    private readonly TimeSpan _timeout;
    private readonly Schedule _schedule;

    public ContinuityRun(Schedule schedule)
    {
        _schedule = schedule;
        _world = new VirtualWorld(schedule.Seed);
        _timeout = TimeSpan.FromSeconds(schedule.Timeout);
        _service = new SimulatedService(_world, _timeout) { HoldsTime = schedule.HoldsTime };
        List<Value> values = [];
        for (var i = 0; i < 2; i++)
        {
            _nodes.Add(new SimulatedNode(
                _world, _service, values, $"a{i}", (schedule.Streams & (1 << i)) != 0, schedule.SourceTimestamps, _world.Between(_timeout / -16, _timeout / 16))
            {
                KeepsWhileFrozen = _world.Random.Next(2) == 0,
            });
        }

        _plant = new Plant(_world, values, _nodes, _timeout / 97, _timeout / 8);
        foreach (var node in _nodes)
        {
            _world.After(_world.Between(TimeSpan.Zero, _timeout), () => node.Start());
        }
    }

    public List<string> Story { get; } = [];

    public IReadOnlyList<Value> Values => _plant.Values;

    /// <summary>Lost since both adapters have run: what one collected before there was a Primary, nobody can vouch for.</summary>
    public IEnumerable<Value> Lost => Values.Where(v => v.IsLost && v.Time > _timeout * 2);

    /// <summary>Lost, though every adapter collected it and none was ended.</summary>
    public IEnumerable<Value> LostOfAll => Lost.Where(v => _nodes.TrueForAll(n => v.CollectedBy.Contains((n, n.Life))));

    public IEnumerable<Value> Duplicated => Values.Where(v => v.Received > 1);

    public IReadOnlyList<RoleChanged> Promotions => [.. _service.Driver.Events.OfType<RoleChanged>().Where(e => e.NewRole == Role.Primary)];

    private SimulatedNode? Primary => _nodes.Find(n => n.IsRunning && n.Id == _service.Driver.State.Primary?.Id);

    /// <summary>Runs the schedule.</summary>
    /// <param name="oneAtATime">Whether every fault is waited out before the next one.</param>
    public void Run(bool oneAtATime)
    {
        _world.RunFor(_timeout * 4);
        foreach (var step in _schedule.Steps)
        {
            if (oneAtATime)
            {
                AwaitWhole();
            }

            _world.RunFor(_timeout * step.Wait);
            Do(step);
        }

        AwaitWhole();
        _plant.IsOver = true;
        _world.RunFor((_timeout * 3) + TimeSpan.FromSeconds(15));
    }

    /// <summary>Whether both adapters run without a fault, and agree with the service who is Primary.</summary>
    public bool IsWhole => Primary is not null
        && _nodes.TrueForAll(n => n is { IsRunning: true, Membership.LastScore: 100, Egress.IsCut: false, Clock.IsFrozen: false, Membership.IsCut: false })
        && _service.Driver.State.Handover is null
        && _nodes.TrueForAll(n => n.IsPrimary == (n == Primary));

    // For a failover timeout on end: what an adapter missed last it may not have noticed yet.
    private void AwaitWhole()
    {
        var step = _timeout / 4;
        var end = _world.Now + (_timeout * 25);
        for (var lasted = TimeSpan.Zero; lasted < _timeout && _world.Now < end; lasted = IsWhole ? lasted + step : TimeSpan.Zero)
        {
            _world.RunFor(step);
        }

        if (!IsWhole)
        {
            Story.Add($"{_world.Now}: not whole: {string.Join(", ", _nodes.Select(n => $"{n.Id} {n.Adapter?.State}"))}");
        }
    }

    private void Do(Step step)
    {
        if (Primary is not { } primary || _nodes.Exists(n => !n.IsRunning))
        {
            return;
        }

        var node = step.OnPrimary ? primary : _nodes.Find(n => n != primary)!;
        var length = _timeout * 3 * step.Length;
        Story.Add($"{_world.Now}: {step.Fault} of {node.Id}{(node == primary ? " (Primary)" : "")} for {length}");
        switch (step.Fault)
        {
            case Fault.LoseSource:
                var component = node.Components[step.Choice % Plant.Components];
                var seen = step.Choice % 3 == 0 ? length : length * (step.Choice % 5 / 5d);
                var life = node.Life;
                component.IsLost = true;
                _world.After(seen, () => InLife(node, life, component.See));
                _world.After(length, () => InLife(node, life, () =>
                {
                    component.IsLost = false;
                    component.See();
                }));
                break;
            case Fault.Freeze:
                // What is missed in a shorter one is the documented limit.
                var shortest = TimeSpan.FromSeconds(1.01);
                length = node.KeepsWhileFrozen || length > shortest ? length : shortest;
                node.Freeze();
                _world.After(length, node.Thaw);
                break;
            case Fault.CutService:
                Cut(node.Membership!, length);
                break;
            case Fault.CutDestination:
                var egress = node.Egress!;
                egress.IsCut = true;
                _world.After(length, () => egress.IsCut = false);
                break;
            case Fault.OrderOther:
                var other = _nodes.Find(n => n != primary)!;
                _service.Receive(d => d.Change(new SetRoleOverride(other.Id, RoleOverride.Primary, length < TimeSpan.FromSeconds(1) ? TimeSpan.FromSeconds(1) : length)));
                break;
            case Fault.RestartService when !_service.IsDown:
                _service.Restart(length);
                break;
            case Fault.Kill:
                node.Kill();
                _world.After(length, () => node.Start());
                break;
            case Fault.Stop when node.Clock!.IsFrozen == false:
                node.StopInOrder();
                _world.After(length, () => node.Start());
                break;
            case Fault.OrderStarter:
                RestartAndOrder(_nodes.Find(n => n != primary)!, primary, length, step.Choice);
                return;
        }

        _world.RunFor(length);
    }

    /// <summary>
    /// A Secondary is killed, is back after a while, and is ordered to be Primary within one failover timeout of its start. In one half of
    /// the cases the Primary holds what it collected before that start, as its destination is away for a moment.
    /// </summary>
    private void RestartAndOrder(SimulatedNode node, SimulatedNode primary, TimeSpan length, int choice)
    {
        const int shares = 30;
        var moment = _timeout / 3;
        var start = length + moment;
        var order = start + (_timeout * (choice / 2) / shares);
        node.Kill();
        _world.After(start, () => node.Start());
        _world.After(order, () => _service.Receive(d => d.Change(new SetRoleOverride(node.Id, RoleOverride.Primary, _timeout))));
        if (choice % 2 == 0)
        {
            _world.After(start - moment, () => primary.Egress!.IsCut = true);
            _world.After(order + moment, () => primary.Egress!.IsCut = false);
        }

        // What both do because of it takes three failover timeouts.
        _world.RunFor(order + (_timeout * 4));
    }

    private void Cut(SimulatedMembership membership, TimeSpan length)
    {
        membership.IsCut = true;
        _world.After(length, () => membership.IsCut = false);
    }

    private static void InLife(SimulatedNode node, int life, Action action) => node.Clock!.Do(() =>
    {
        if (node.Life == life && node.IsRunning)
        {
            action();
        }
    });
}
