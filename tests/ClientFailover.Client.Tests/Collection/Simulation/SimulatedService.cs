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

    /// <summary>
    /// Whether the group's time stands still while the Primary is worse than another. Ours does so; of others that serve the documented REST
    /// API it is not known, so the adapters must not depend on it.
    /// </summary>
    public bool HoldsTime { get; init; } = true;

    /// <summary>The group's time as a service tells it that takes whatever a Primary reports.</summary>
    public DateTime? PlainTime { get; private set; }

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

    /// <summary>A heartbeat arrives.</summary>
    public Decision Beat(GroupDriver driver, PostHeartbeat beat)
    {
        var time = beat.LastDataProcessedTime > driver.Now.Utc ? driver.Now.Utc : beat.LastDataProcessedTime;
        if (driver.State.Primary?.Id == beat.SessionId && time > (PlainTime ?? DateTime.MinValue))
        {
            PlainTime = time;
        }

        return driver.Decide(beat);
    }

    /// <summary>The group's time, as this service tells it.</summary>
    public DateTime? Told(DateTime? time, bool isExact) => HoldsTime || isExact ? time : PlainTime;

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
