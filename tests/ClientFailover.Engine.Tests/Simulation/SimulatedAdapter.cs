namespace ClientFailover.Engine.Tests.Simulation;

/// <summary>How an adapter waits as a Secondary, and what it scores.</summary>
internal enum Waiting
{
    /// <summary>Collects and buffers.</summary>
    Hot,

    /// <summary>Connected to its sources, collects nothing.</summary>
    Warm,

    /// <summary>Its components are not started.</summary>
    Cold,
}

/// <summary>
/// Responsible for what adapters of both transports do: collect, buffer, trim, egress, keep a role. It follows what
/// adapters in the field do, not what the service would like.
/// </summary>
internal abstract class SimulatedAdapter
{
    internal static readonly TimeSpan Latency = TimeSpan.FromMilliseconds(5);

    /// <summary>How long a value takes to the destination.</summary>
    protected static readonly TimeSpan Flight = TimeSpan.FromMilliseconds(20);

    private static readonly DateTime Origin = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private readonly List<(DateTime Received, Value Value)> buffer = [];
    private readonly List<Action> held = [];
    private readonly bool[] lost = new bool[Plant.Components];
    private TimeSpan started;

    protected SimulatedAdapter(World world, SimulatedService service, string id)
    {
        World = world;
        Service = service;
        Id = id;
    }

    internal string Id { get; }

    internal Waiting Waiting { get; init; }

    /// <summary>How long the components of a cold adapter take to start.</summary>
    internal TimeSpan StartTime { get; init; }

    /// <summary>How far its clock is ahead.</summary>
    internal TimeSpan ClockAhead { get; init; }

    internal Role Role { get; private set; }

    internal bool IsRunning { get; private set; }

    /// <summary>Counts its starts.</summary>
    internal int Life { get; private set; }

    /// <summary>Nothing gets from it to the service, nor back.</summary>
    internal bool IsCut { get; set; }

    /// <summary>The share of its messages that are lost.</summary>
    internal double Loss { get; set; }

    internal bool IsFrozen { get; private set; }

    protected World World { get; }

    protected SimulatedService Service { get; }

    protected DateTime? LastDataProcessedTime { get; private set; }

    /// <summary>It was told to drain: it egresses nothing more.</summary>
    protected bool IsDraining { get; set; }

    protected TimeSpan Timeout => Service.Timeout;

    private DateTime LocalTime => Origin + World.Now + ClockAhead;

    private bool IsCollecting => Waiting == Waiting.Hot || (Role == Role.Primary && World.Now >= started);

    internal void Start()
    {
        Life++;
        IsRunning = true;
        Role = Role.Secondary;
        started = World.Now;
        Restarted();
    }

    /// <summary>It dies at once and forgets everything.</summary>
    internal virtual void Kill()
    {
        IsRunning = IsFrozen = IsDraining = false;
        buffer.Clear();
        held.Clear();
        LastDataProcessedTime = null;
        Life++;
    }

    internal void Freeze(TimeSpan time)
    {
        IsFrozen = true;
        var life = Life;
        World.After(time, () =>
        {
            if (life != Life)
            {
                return;
            }

            IsFrozen = false;
            foreach (var action in held.ToList())
            {
                action();
            }

            held.Clear();
        });
    }

    internal void LoseSource(int component, TimeSpan time)
    {
        lost[component] = true;
        World.After(time, () => lost[component] = false);
    }

    internal void Collect(Value value)
    {
        if (!IsRunning || IsFrozen || lost[value.Component] || !IsCollecting)
        {
            return;
        }

        value.CollectedBy.Add((this, Life));
        if (Role == Role.Primary && !IsDraining)
        {
            Egress(value, LocalTime);
        }
        else
        {
            buffer.Add((LocalTime, value));
        }
    }

    /// <summary>It is told its role and the group's LastDataProcessedTime.</summary>
    internal void Learn(Role role, DateTime? lastDataProcessedTime)
    {
        if (role == Role.PendingPrimary)
        {
            return;
        }

        var was = Role;
        Role = role;
        IsDraining = false;
        if (role == Role.Primary)
        {
            started = was == Role.Primary ? started : World.Now + StartTime;
            foreach (var (received, value) in buffer)
            {
                Egress(value, received);
            }

            buffer.Clear();
            return;
        }

        if (was == Role.Primary)
        {
            started = World.Now;
        }

        if (lastDataProcessedTime is { } time)
        {
            var safe = time - (Timeout / 2);
            buffer.RemoveAll(b => b.Received <= safe);
        }
    }

    protected abstract void Restarted();

    /// <summary>Sends a message to the service, if nothing is in the way.</summary>
    protected void Send(Action<Driving.GroupDriver> message, Action? refused = null)
    {
        if (IsCut || World.Random.NextDouble() < Loss)
        {
            return;
        }

        World.After(Latency, () =>
        {
            if (!Service.Receive(message) && refused is not null)
            {
                OfThisLife(Latency, refused);
            }
        });
    }

    /// <summary>Something arrives from the service.</summary>
    internal void Deliver(Action action)
    {
        if (IsCut || World.Random.NextDouble() < Loss)
        {
            return;
        }

        OfThisLife(Latency, action);
    }

    /// <summary>Does something later, unless it dies first; a frozen adapter does it when it thaws.</summary>
    protected void OfThisLife(TimeSpan delay, Action action)
    {
        var life = Life;
        World.After(delay, () =>
        {
            if (life != Life || !IsRunning)
            {
                return;
            }

            if (IsFrozen)
            {
                held.Add(action);
                return;
            }

            action();
        });
    }

    protected float Score()
    {
        var share = lost.Count(l => !l) * 100f / Plant.Components;
        if (Waiting != Waiting.Cold)
        {
            return share;
        }

        // A cold Secondary cannot know: 0..1, and 0 for two timeouts after its start and after each demotion.
        return Role == Role.Primary
            ? (World.Now >= started ? share : 0)
            : (World.Now >= started + (Timeout * 2) ? share / 100 : 0);
    }

    protected void StopEgress() => IsDraining = true;

    private void Egress(Value value, DateTime received)
    {
        OfThisLifeEvenFrozen(() =>
        {
            value.Received++;
            LastDataProcessedTime = received > (LastDataProcessedTime ?? DateTime.MinValue) ? received : LastDataProcessedTime;
        });
    }

    private void OfThisLifeEvenFrozen(Action action)
    {
        var life = Life;
        World.After(Flight, () =>
        {
            if (life == Life)
            {
                action();
            }
        });
    }
}
