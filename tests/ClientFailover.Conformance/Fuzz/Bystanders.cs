using System.Diagnostics;
using ClientFailover.Conformance.Running;

namespace ClientFailover.Conformance.Fuzz;

/// <summary>
/// Responsible for the groups that the run must not touch: one whose adapters behave, and one that nobody with an
/// account calls.
/// </summary>
/// <param name="caller">The administrator.</param>
/// <param name="judge">Is told of what should not be.</param>
internal sealed class Bystanders(Caller caller, Judge judge)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    private static readonly string[] Views = ["", "/status", "/clientsessions", "/events?count=1000"];

    private readonly CancellationTokenSource _end = new();
    private Task _beating = Task.CompletedTask;
    private string _before = string.Empty;

    /// <summary>Heartbeats that were answered.</summary>
    public int Beats { get; private set; }

    /// <summary>How long the slowest of them took.</summary>
    public TimeSpan Slowest { get; private set; }

    /// <summary>Makes the groups and begins the heartbeats.</summary>
    public async Task StartAsync()
    {
        await caller.CreatePairAsync(Choice.Honest);
        await caller.CreatePairAsync(Choice.Canary);
        await caller.OverrideAsync(Choice.Canary, "b", V1.RoleOverride.Secondary);
        _before = await ViewAsync();
        _beating = BeatAsync();
    }

    /// <summary>Ends the heartbeats and tells of whatever has changed.</summary>
    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _beating;
        _end.Dispose();
        var after = await ViewAsync();
        if (after != _before)
        {
            judge.Find($"What nobody may change has changed from\n{_before}\nto\n{after}");
        }
    }

    /// <summary>Deletes everything else, so that the service holds the same whenever it is measured.</summary>
    public async Task ClearAsync()
    {
        while (true)
        {
            var groups = (await caller.Groups.ListGroupsAsync(new V1.ListGroupsRequest { Count = 1000 })).Groups.Where(g => g.Id is not (Choice.Honest or Choice.Canary)).ToList();
            if (groups.Count == 0)
            {
                return;
            }

            await Parallel.ForEachAsync(groups, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (group, _) => await ClearAsync(group.Id));
        }
    }

    private async Task ClearAsync(string group)
    {
        foreach (var session in (await caller.Sessions.ListSessionsAsync(new V1.ListSessionsRequest { GroupId = group })).Sessions)
        {
            await caller.DeleteSessionAsync(group, session.Id);
        }

        await caller.Groups.DeleteGroupAsync(new V1.DeleteGroupRequest { GroupId = group });
    }

    private async Task BeatAsync()
    {
        try
        {
            while (!_end.IsCancellationRequested)
            {
                var start = Stopwatch.GetTimestamp();
                var roles = (A: await caller.BeatAsync(Choice.Honest, "a", 50), B: await caller.BeatAsync(Choice.Honest, "b", 50));
                var time = Stopwatch.GetElapsedTime(start);
                Slowest = time > Slowest ? time : Slowest;
                Beats += 2;
                if (roles is not (V1.Role.Primary, V1.Role.Secondary))
                {
                    judge.Find($"The roles of those who behave have become {roles}.");
                    return;
                }

                await Task.Delay(Interval, _end.Token);
            }
        }
        catch (OperationCanceledException) when (_end.IsCancellationRequested)
        {
        }
        catch (Exception e)
        {
            judge.Find($"A heartbeat was not answered: {e}");
        }
    }

    private async Task<string> ViewAsync()
    {
        var views = new List<string>();
        foreach (var view in Views)
        {
            views.Add(await caller.Rest.GetStringAsync(new Uri($"groups/{Choice.Canary}{view}", UriKind.Relative)));
        }

        return string.Join('\n', views);
    }
}
