namespace ClientFailover.Engine.Tests.Simulation;

/// <summary>Responsible for one simulated run: a group of adapters, faults at random times, and the count of what was lost.</summary>
internal sealed class Scenario
{
    private static readonly TimeSpan[] Timeouts = [TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)];

    private readonly World world;
    private readonly Plant plant;
    private readonly SimulatedService service;
    private readonly List<SimulatedAdapter> adapters = [];
    private readonly TimeSpan timeout;

    internal Scenario(int seed, Transports transports)
    {
        world = new World(seed);
        timeout = Timeouts[world.Random.Next(Timeouts.Length)];
        service = new SimulatedService(world, new EngineSettings(), timeout);
        plant = new Plant(world, timeout / 97);
        var count = world.Random.Next(2, 4);
        for (var i = 0; i < count; i++)
        {
            var onStream = transports == Transports.Stream || (transports == Transports.Mixed && (i + world.Random.Next(2)) % 2 == 0);
            var ahead = world.Between(timeout / -16, timeout / 16);
            SimulatedAdapter adapter = onStream
                ? new StreamAdapter(world, service, $"a{i}") { ClockAhead = ahead }
                : new RestAdapter(world, service, $"a{i}") { ClockAhead = ahead };
            adapters.Add(adapter);
            world.After(world.Between(TimeSpan.Zero, timeout), adapter.Start);
        }

        plant.Adapters.AddRange(adapters);
    }

    internal SimulatedService Service => service;

    /// <summary>Values that an adapter collected which has run ever since, and that the destination never got.</summary>
    internal List<Value> Lost => plant.Values.FindAll(v => v.IsLost && v.Time < world.Now - (timeout * 3));

    internal int Duplicated => plant.Values.Count(v => v.Received > 1);

    internal int Total => plant.Values.Count;

    internal TimeSpan Timeout => timeout;

    internal string Story { get; private set; } = "";

    private SimulatedAdapter? Primary => adapters.Find(a => a.IsRunning && a.Id == service.Driver.State.Primary?.Id);

    private SimulatedAdapter? Secondary => adapters.Find(a => a.IsRunning && a.Id != service.Driver.State.Primary?.Id);

    /// <summary>When the last fault began.</summary>
    internal TimeSpan FaultBegan { get; private set; }

    /// <summary>Runs the group until it is settled, then the faults within a timeout of each other, and a quiet time.</summary>
    internal void Run(params Fault[] faults)
    {
        world.RunUntil(timeout * 5);
        foreach (var fault in faults)
        {
            world.RunUntil(world.Now + world.Between(TimeSpan.Zero, timeout));
            FaultBegan = world.Now;
            Do(fault);
        }

        world.RunUntil(world.Now + (timeout * 9));
    }

    private void Do(Fault fault)
    {
        if (Primary is not { } primary || Secondary is not { } secondary)
        {
            return;
        }

        var some = world.Between(timeout / 20, timeout * 3);
        var lost = timeout + TimeSpan.FromSeconds(2) + (timeout / 2);
        Story += $"{world.Now}: {fault} of {primary.Id} ({primary.GetType().Name}, FT {timeout}, {some}); ";
        switch (fault)
        {
            case Fault.KillPrimary:
                primary.Kill();
                break;
            case Fault.PowerLoss:
                (primary as StreamAdapter)?.DiesSilently = true;
                primary.Kill();
                break;
            case Fault.RestartPrimary:
                primary.Kill();
                world.After(some, primary.Start);
                break;
            case Fault.RestartSecondary:
                secondary.Kill();
                world.After(some, secondary.Start);
                break;
            case Fault.StopPrimary when primary is RestAdapter rest:
                rest.StopCleanly();
                break;
            case Fault.LongFreeze:
                primary.Freeze(lost + some);
                break;
            case Fault.ShortFreeze:
                primary.Freeze(world.Between(timeout / 10, timeout));
                break;
            case Fault.FreezeSecondary:
                secondary.Freeze(some);
                break;
            case Fault.LongSourceLoss:
                primary.LoseSource(world.Random.Next(Plant.Components), lost + (some * 2));
                break;
            case Fault.SourceDip:
                primary.LoseSource(world.Random.Next(Plant.Components), world.Between(timeout / 20, timeout / 2));
                break;
            case Fault.SourceLossOfSecondary:
                secondary.LoseSource(world.Random.Next(Plant.Components), some);
                break;
            default:
                DoToService(fault, primary, secondary, some);
                break;
        }
    }

    private void DoToService(Fault fault, SimulatedAdapter primary, SimulatedAdapter secondary, TimeSpan some)
    {
        switch (fault)
        {
            case Fault.CutPrimary:
                Cut(primary, some);
                break;
            case Fault.CutSecondary:
                Cut(secondary, some);
                break;
            case Fault.LostMessages:
                adapters.ForEach(a => a.Loss = 0.3);
                world.After(some, () => adapters.ForEach(a => a.Loss = 0));
                break;
            case Fault.RestartService:
                service.Stop(some);
                break;
            case Fault.PauseService:
                service.Pause(some);
                break;
            case Fault.OverridePrimary:
                service.Receive(s => s.Change(new SetRoleOverride(secondary.Id, RoleOverride.Primary, some)));
                break;
            case Fault.OverrideSecondary:
                service.Receive(s => s.Change(new SetRoleOverride(primary.Id, RoleOverride.Secondary, some)));
                break;
            case Fault.DeletePrimary:
                service.Receive(s => s.Change(new UnregisterSession(primary.Id)));
                break;
            default:
                break;
        }
    }

    private void Cut(SimulatedAdapter adapter, TimeSpan time)
    {
        adapter.IsCut = true;
        world.After(time, () => adapter.IsCut = false);
    }
}

/// <summary>What the adapters of a run speak.</summary>
public enum Transports
{
    /// <summary>All REST.</summary>
    Rest,

    /// <summary>All streams.</summary>
    Stream,

    /// <summary>Both.</summary>
    Mixed,
}
