namespace ClientFailover.Engine.Tests.Driving;

/// <summary>
/// Responsible for driving one group through virtual time as its owner would: it sends a Tick whenever the state asks
/// for one, records every event, and can be restarted from what it recorded.
/// </summary>
internal sealed class GroupDriver
{
    /// <summary>A deadline that a Tick does not move would make the deadline thread spin.</summary>
    private const int MostTicksAtOneTime = 16;

    private static readonly DateTime FirstUtc = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private TimeSpan lastTick = TimeSpan.MinValue;
    private int ticksAtOneTime;

    internal GroupDriver(EngineSettings? settings = null, long term = 0)
    {
        Settings = settings ?? new EngineSettings();
        State = new GroupState(Settings, term);
        Recorded = DurableGroup.Absent with { Term = term };
        Now = new Now(TimeSpan.FromHours(7), FirstUtc);
    }

    /// <summary>Told of every command before it is decided.</summary>
    internal Action<GroupCommand>? Deciding { get; set; }

    /// <summary>Told of every command after it was decided.</summary>
    internal Action<GroupCommand, Decision>? Decided { get; set; }

    internal EngineSettings Settings { get; }

    internal GroupState State { get; private set; }

    /// <summary>The fold of the recorded events: what a crash leaves.</summary>
    internal DurableGroup Recorded { get; private set; }

    internal Now Now { get; private set; }

    /// <summary>How late the next ticks are. The deadline thread may be up to 50 ms late.</summary>
    internal TimeSpan TickLateness { get; set; }

    /// <summary>All recorded events, in order.</summary>
    internal List<GroupEvent> Events { get; } = [];

    internal Decision Decide(GroupCommand command)
    {
        Deciding?.Invoke(command);
        var decision = Decider.Decide(State, command);
        Record(decision.Events);
        Decided?.Invoke(command, decision);
        return decision;
    }

    /// <summary>Plans a change and, unless it is refused or changes nothing, commits and applies it.</summary>
    internal ChangePlan Change(ChangeRequest request)
    {
        var plan = ChangePlanner.Plan(State, request, Now);
        if (plan.Refusal is null && plan.Events.Count > 0)
        {
            Decide(new ApplyChanges(Now, plan.Events));
        }

        return plan;
    }

    internal Decision Tick() => Decide(new Tick(Now));

    /// <summary>Lets time pass, with a Tick whenever one is due.</summary>
    internal void Advance(TimeSpan by) => AdvanceTo(Now.Monotonic + by);

    internal void AdvanceTo(TimeSpan monotonic)
    {
        while (State.NextDeadline is { } deadline && deadline + TickLateness <= monotonic)
        {
            Pass(deadline + TickLateness - Now.Monotonic);
            Tick();
            ticksAtOneTime = lastTick == Now.Monotonic ? ticksAtOneTime + 1 : 0;
            lastTick = Now.Monotonic;
            if (ticksAtOneTime > MostTicksAtOneTime)
            {
                throw new InvalidOperationException($"After a Tick at {Now.Monotonic} the next deadline is still {State.NextDeadline}.");
            }
        }

        Pass(monotonic - Now.Monotonic);
    }

    /// <summary>Lets time pass without anybody noticing.</summary>
    internal void Pass(TimeSpan by)
    {
        if (by > TimeSpan.Zero)
        {
            Now = new Now(Now.Monotonic + by, Now.Utc + by);
        }
    }

    internal void JumpUtc(TimeSpan by) => Now = Now with { Utc = Now.Utc + by };

    /// <summary>The service crashes and comes back after <paramref name="down"/>, on another monotonic clock.</summary>
    /// <returns>What to add to times of the old monotonic clock to get times of the new one.</returns>
    internal TimeSpan Restart(TimeSpan down)
    {
        var before = Now.Monotonic + down;
        Now = new Now(TimeSpan.FromHours(((before.Ticks / TimeSpan.TicksPerSecond) % 11) + 1), Now.Utc + down);
        State = Recorded.Configuration is null
            ? new GroupState(Settings, Recorded.Term)
            : GroupState.Restore(Recorded, Settings, Now);
        return Now.Monotonic - before;
    }

    private void Record(IReadOnlyList<GroupEvent> events)
    {
        foreach (var change in events)
        {
            Events.Add(change);
            Recorded = Recorded.Apply(change);
        }
    }
}
