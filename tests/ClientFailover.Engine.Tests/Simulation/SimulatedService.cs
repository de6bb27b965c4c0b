using ClientFailover.Engine.Tests.Driving;

namespace ClientFailover.Engine.Tests.Simulation;

/// <summary>Responsible for the service around the real decider: it can be down or paused, and pushes to open streams.</summary>
internal sealed class SimulatedService
{
    internal const string GroupId = "g";

    private readonly World world;
    private readonly List<Action> held = [];

    /// <summary>What to add to the world's time to get the monotonic clock of the service's present life.</summary>
    private TimeSpan origin;
    private bool isDown;
    private bool isPaused;

    internal SimulatedService(World world, EngineSettings settings, TimeSpan timeout)
    {
        this.world = world;
        Timeout = timeout;
        Driver = new GroupDriver(settings) { Decided = (_, decision) => Push(decision) };
        origin = Driver.Now.Monotonic;
        world.Service = this;
    }

    internal GroupDriver Driver { get; }

    internal TimeSpan Timeout { get; }

    internal Dictionary<string, StreamAdapter> Streams { get; } = new(StringComparer.Ordinal);

    internal TimeSpan? NextDeadline => isDown || isPaused ? null : Driver.State.NextDeadline - origin;

    /// <summary>Handovers of the run: how often a session became Primary.</summary>
    internal int Promotions => Driver.Events.OfType<RoleChanged>().Count(e => e is { NewRole: Role.Primary, OldRole: not Role.Primary });

    internal void Tick()
    {
        Catch();
        Driver.Tick();
    }

    /// <summary>A message arrives: it is lost when the service is down, and waits when it is paused.</summary>
    /// <returns>False: nobody listens.</returns>
    internal bool Receive(Action<GroupDriver> message)
    {
        if (isDown)
        {
            return false;
        }

        if (isPaused)
        {
            held.Add(() => message(Driver));
            return true;
        }

        Catch();
        message(Driver);
        return true;
    }

    internal void Stop(TimeSpan down)
    {
        if (isDown || isPaused)
        {
            return;
        }

        Catch();
        isDown = true;
        var cut = Streams.Values.ToList();
        Streams.Clear();
        cut.ForEach(a => a.Disconnected());
        world.After(down, () =>
        {
            origin += Driver.Restart(down);
            isDown = false;
        });
    }

    internal void Pause(TimeSpan gap)
    {
        if (isDown || isPaused)
        {
            return;
        }

        Catch();
        isPaused = true;
        world.After(gap, () =>
        {
            isPaused = false;
            Driver.Pass(gap);
            if (gap > TimeSpan.FromMilliseconds(200))
            {
                Driver.Decide(new ServiceWasAbsent(Driver.Now, gap));
            }

            foreach (var message in held.ToList())
            {
                message();
            }

            held.Clear();
        });
    }

    /// <summary>Brings the service's clock to the world's; all ticks before it were sent by the world.</summary>
    private void Catch() => Driver.Pass(world.Now + origin - Driver.Now.Monotonic);

    private void Push(Decision decision)
    {
        foreach (var change in decision.Events.OfType<RoleChanged>())
        {
            if (Streams.TryGetValue(change.SessionId, out var adapter))
            {
                adapter.Deliver(() => adapter.Pushed(change.NewRole, change.Term, change.LastDataProcessedTime));
            }
        }

        if (decision.DrainOrder is { } drain && Streams.TryGetValue(drain.SessionId, out var primary))
        {
            primary.Deliver(() => primary.Drain(drain.Term));
        }
    }
}
