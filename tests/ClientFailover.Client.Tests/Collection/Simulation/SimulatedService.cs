using ClientFailover.Engine;
using ClientFailover.Engine.Tests.Driving;

namespace ClientFailover.Client.Tests.Collection.Simulation;

/// <summary>Responsible for the service: the real role engine, which pushes to open streams and may be down.</summary>
internal sealed class SimulatedService
{
    public const string GroupId = "g";

    private readonly VirtualWorld _world;
    private TimeSpan _origin;

    public SimulatedService(VirtualWorld world, TimeSpan timeout)
    {
        (_world, Timeout) = (world, timeout);
        Driver = new GroupDriver(new EngineSettings()) { Decided = (_, decision) => Push(decision) };
        _origin = Driver.Now.Monotonic;
        world.NextDeadline = () => IsDown ? null : Driver.State.NextDeadline - _origin;
        world.Tick = () =>
        {
            Catch();
            Driver.Tick();
        };
    }

    public GroupDriver Driver { get; }

    public TimeSpan Timeout { get; }

    public bool IsDown { get; private set; }

    public Dictionary<string, SimulatedMembership> Streams { get; } = new(StringComparer.Ordinal);

    public bool Receive(Action<GroupDriver> message)
    {
        if (IsDown)
        {
            return false;
        }

        Catch();
        message(Driver);
        return true;
    }

    public void Restart(TimeSpan down)
    {
        Catch();
        IsDown = true;
        var cut = Streams.Values.ToList();
        Streams.Clear();
        cut.ForEach(m => m.Disconnected());
        _world.After(down, () =>
        {
            _origin += Driver.Restart(down);
            IsDown = false;
        });
    }

    private void Catch() => Driver.Pass(_world.Now + _origin - Driver.Now.Monotonic);

    private void Push(Decision decision)
    {
        foreach (var change in decision.Events.OfType<RoleChanged>())
        {
            Streams.GetValueOrDefault(change.SessionId)?.Push(change);
        }

        if (decision.DrainOrder is { } order)
        {
            Streams.GetValueOrDefault(order.SessionId)?.PushOrder(order, order.Deadline - Driver.Now.Monotonic);
        }
    }
}
