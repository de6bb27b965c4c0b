using ClientFailover.Client;
using ClientFailover.Continuity.Faults;
using ClientFailover.Continuity.Plant;
using ClientFailover.Continuity.Processes;

namespace ClientFailover.Continuity.Runs;

/// <summary>Responsible for one run: adapters are started and settle, the fault comes and goes, what arrived is counted.</summary>
/// <param name="plan">What to run.</param>
/// <param name="site">What is shared.</param>
internal sealed class PairRun(RunPlan plan, Site site)
{
    private const int MostRetries = 1;

    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    // Values of this age have arrived, unless something holds them up.
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(1.5);

    // A process that starts costs more than one that runs: many at once would hold up the runs that are under way.
    private static readonly SemaphoreSlim Starting = new(3);

    private static int _groups;

    private readonly string _group = $"{plan.Id}-{Interlocked.Increment(ref _groups)}";

    private bool _faultHasBegun;

    /// <summary>Runs it, once more if it was spoilt before the fault. Whatever goes wrong after that may be what is looked for.</summary>
    public static async Task<RunResult> RunAsync(RunPlan plan, Site site)
    {
        for (var retries = 0; ; retries++)
        {
            var run = new PairRun(plan, site);
            try
            {
                return await run.RunAsync() with { Retries = retries };
            }
            catch (Exception e) when (retries < MostRetries && !run._faultHasBegun && e is SpoiltException or TimeoutException)
            {
                await Console.Error.WriteLineAsync($"{plan.Id}: {e.Message} Once more.");
            }
            catch (Exception e)
            {
                return new RunResult
                {
                    Id = plan.Id,
                    Fault = plan.Fault.Name,
                    Mode = plan.Mode.ToString(),
                    Adapters = plan.Transport,
                    FailoverTimeout = plan.FailoverTimeout.TotalSeconds,
                    Error = e.ToString(),
                    Retries = retries,
                };
            }
        }
    }

    private async Task<RunResult> RunAsync()
    {
        await using var ownService = plan.Fault.Reach == Reach.Service ? await ServiceHost.CreateAsync() : null;
        await using var ownDestination = plan.Fault.Reach == Reach.Destination ? await DestinationHost.CreateAsync() : null;
        await using var pair = new Pair(plan, site, ownService ?? site.Service, ownDestination ?? site.Destination, _group);
        return await RunAsync(pair.Scene);
    }

    private async Task<RunResult> RunAsync(Scene scene)
    {
        await StartAsync(scene);
        await Task.Delay(TimeSpan.FromSeconds(1));
        var firstTick = site.Source.Tick;
        await scene.SettleAsync();
        var sessions = await scene.Service.SessionsAsync(_group);
        if (!sessions.Any(session => session.Id == scene.Primary.Name && session.Role == 1))
        {
            throw new SpoiltException($"{scene.Primary.Name} is not Primary any more, before any fault.");
        }

        _faultHasBegun = true;
        await plan.Fault.InjectAsync(scene);

        await Task.Delay((plan.FailoverTimeout * 1.2) + TimeSpan.FromSeconds(2));
        var arrivals = new Arrivals(scene.Destination.Database, _group, site.Source);
        var lastTick = await ArrivedAsync(arrivals, scene.Adapters, firstTick);
        return new Judgement(plan, _group, firstTick, lastTick).Judge(
            site.Source, arrivals.Between(firstTick, lastTick), scene.Adapters, scene.Broken,
            await scene.Service.EventsAsync(_group), scene.Service == site.Service ? "" : scene.Service.Output);
    }

    private static async Task StartAsync(Scene scene)
    {
        await Starting.WaitAsync();
        try
        {
            scene.Primary.Start();
            await scene.PrimaryAsync(scene.Primary);
            foreach (var other in scene.Adapters.Skip(1))
            {
                other.Start();
                await scene.HeardAsync(other);
            }
        }
        finally
        {
            Starting.Release();
        }
    }

    /// <summary>Waits until what can arrive has arrived, or too long.</summary>
    /// <returns>The end of the judged span.</returns>
    private async Task<long> ArrivedAsync(Arrivals arrivals, IReadOnlyList<AdapterHost> adapters, long firstTick)
    {
        var until = DateTimeOffset.UtcNow + (plan.FailoverTimeout * 3.5) + TimeSpan.FromSeconds(15);
        while (true)
        {
            await Task.Delay(Look);
            var lastTick = site.Source.TickAt(DateTimeOffset.UtcNow - Fresh);
            var flows = arrivals.CountBetween(lastTick - Signal.Rate, lastTick) == (Signal.Rate + 1) * Signal.Sources * Signal.StreamsPerSource;
            if (DateTimeOffset.UtcNow > until || (flows && (plan.Mode != FailoverMode.Hot || IsComplete(arrivals, adapters, firstTick, lastTick))))
            {
                return lastTick;
            }
        }
    }

    private bool IsComplete(Arrivals arrivals, IReadOnlyList<AdapterHost> adapters, long firstTick, long lastTick)
    {
        var produced = (lastTick - firstTick + 1) * Signal.Sources * Signal.StreamsPerSource;
        if (arrivals.CountBetween(firstTick, lastTick) == produced)
        {
            return true;
        }

        var collected = new Collected(site.Source, _group, adapters);
        var there = arrivals.Between(firstTick, lastTick).Select(arrival => (arrival.Stream, arrival.Tick)).ToHashSet();
        for (var stream = 0; stream < Signal.Sources * Signal.StreamsPerSource; stream++)
        {
            for (var tick = firstTick; tick <= lastTick; tick++)
            {
                if (!there.Contains((stream, tick)) && collected.IsKept(stream, tick))
                {
                    return false;
                }
            }
        }

        return true;
    }
}

/// <summary>A run went wrong before its fault: the machine was too busy for it.</summary>
internal sealed class SpoiltException(string message) : Exception(message);
