using ClientFailover.Continuity.Plant;
using ClientFailover.Continuity.Processes;
using ClientFailover.Continuity.Runs;

namespace ClientFailover.Continuity.Faults;

/// <summary>A span of a run in which something was broken.</summary>
internal sealed record Broken(string What, DateTimeOffset From, DateTimeOffset To);

/// <summary>Responsible for what a fault can get at.</summary>
internal sealed class Scene(
    RunPlan plan, string group, SourceServer source, ServiceHost service, DestinationHost destination, IReadOnlyList<AdapterHost> adapters)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);
    private readonly List<Broken> _broken = [];

    public RunPlan Plan => plan;

    public string Group => group;

    public SourceServer Source => source;

    public ServiceHost Service => service;

    public DestinationHost Destination => destination;

    public IReadOnlyList<AdapterHost> Adapters => adapters;

    /// <summary>The adapter that is Primary when the fault begins.</summary>
    public AdapterHost Primary => adapters[0];

    /// <summary>Another one.</summary>
    public AdapterHost Other => adapters[1];

    /// <summary>FailoverTimeout.</summary>
    public TimeSpan Timeout => plan.FailoverTimeout;

    /// <summary>The spans in which something was broken.</summary>
    public IReadOnlyList<Broken> Broken => [.. _broken.OrderBy(broken => broken.From)];

    /// <summary>Notes that something was broken at once, and stays so or is mended at once.</summary>
    public void Note(string what) => _broken.Add(new Broken(what, DateTimeOffset.UtcNow, DateTimeOffset.UtcNow));

    /// <summary>Breaks something for a while.</summary>
    public async Task BreakAsync(string what, Action breaks, Func<Task> meanwhile, Func<Task> mends)
    {
        var from = DateTimeOffset.UtcNow;
        breaks();
        await meanwhile();
        await mends();
        _broken.Add(new Broken(what, from, DateTimeOffset.UtcNow));
    }

    /// <summary>Breaks something for a time.</summary>
    public Task BreakAsync(string what, TimeSpan time, Action breaks, Action mends) =>
        BreakAsync(what, breaks, () => Task.Delay(time), () =>
        {
            mends();
            return Task.CompletedTask;
        });

    /// <summary>Waits until the service has a heartbeat of an adapter's running process.</summary>
    public Task HeardAsync(AdapterHost adapter) => UntilAsync(
        sessions => sessions.Any(s => s.Id == adapter.Name && s.Heartbeat is { } beat && beat.HeartbeatTime > adapter.Lives[^1].StartTime.UtcDateTime),
        $"{adapter.Name} is heard");

    /// <summary>Waits until an adapter is Primary.</summary>
    public Task PrimaryAsync(AdapterHost adapter) => UntilAsync(
        sessions => sessions.Any(session => session.Id == adapter.Name && session.Role == 1), $"{adapter.Name} is Primary");

    /// <summary>Waits until the adapters have settled.</summary>
    public Task SettleAsync() => Task.Delay(plan.SettleTime);

    private async Task UntilAsync(Func<IReadOnlyList<SessionView>, bool> isSo, string what)
    {
        for (var until = DateTimeOffset.UtcNow + Patience + (Timeout * 4); DateTimeOffset.UtcNow < until;)
        {
            if (isSo(await service.SessionsAsync(group)))
            {
                return;
            }

            await Task.Delay(Look);
        }

        throw new TimeoutException($"Waited in vain until {what}.");
    }
}
