using System.Collections.Concurrent;
using System.Diagnostics;

namespace ClientFailover.Client.Tests.Testing.Groups;

/// <summary>
/// Responsible for one run of real adapters with fakes of the service, for which it decides: a Primary that was not heard of for a failover
/// timeout is replaced, and the role is handed over where a step orders it.
/// </summary>
internal sealed class GroupRun : IAsyncDisposable
{
    private const int DrainSeconds = 5;

    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly GroupTime _time = new(new DateTimeOffset(2026, 6, 1, 12, 0, 0, TimeSpan.Zero));
    private readonly GroupSchedule _schedule;
    private readonly List<GroupNode> _nodes = [];
    private readonly ConcurrentDictionary<int, int> _destination = new();
    private readonly List<int> _collected = [];
    private readonly PriorityQueue<Action, DateTimeOffset> _ends = new();
    private GroupNode? _primary;
    private DateTimeOffset? _group;
    private int _values;

    public GroupRun(GroupSchedule schedule)
    {
        _schedule = schedule;
        for (var i = 0; i < schedule.Nodes; i++)
        {
            var options = new FailoverOptions
            {
                FailoverGroupId = "g",
                SessionId = $"a{i}",
                FailoverTimeout = Timeout,
                Endpoint = new Uri("https://failover.example/"),
                Mode = schedule.Mode,
                OnServiceLost = schedule.OnServiceLost,
                SourceTimestamps = schedule.SourceTimestamps,
            };
            _nodes.Add(new GroupNode(options, _time, _destination));
        }
    }

    public List<string> Story { get; } = [];

    /// <summary>More than one believed to be Primary, though it was not to be.</summary>
    public List<string> Overlaps { get; } = [];

    public int Promotions { get; private set; }

    public int Collected => _collected.Count;

    /// <summary>Collected by somebody, and not at the destination.</summary>
    public IEnumerable<int> Lost => _collected.Where(v => !_destination.ContainsKey(v));

    private DateTimeOffset Now => _time.GetUtcNow();

    public async Task RunAsync()
    {
        foreach (var node in _nodes)
        {
            await node.Adapter.StartAsync();
            await node.Service.ConnectedAsync().WaitAsync(Eventually.Patience);
        }

        await RestAsync();
        await PassAsync(3);
        foreach (var step in _schedule.Steps)
        {
            await DoAsync(step);
            await PassAsync(step.Wait);
        }

        // Until all has ended, and a while for what is left.
        while (_ends.Count > 0)
        {
            await PassAsync(1);
        }

        await PassAsync(40);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var node in _nodes)
        {
            // A stop in order would wait for a time that stands still.
            await node.Adapter.StopAsync(new CancellationToken(canceled: true)).WaitAsync(Eventually.Patience);
            await node.Adapter.DisposeAsync();
        }
    }

    private async Task DoAsync(GroupStep step)
    {
        var node = _nodes[step.Node % _nodes.Count];
        Story.Add($"{Now:mm:ss}: {step.Fault} of {node.Id}{(node == _primary ? " (Primary)" : "")} for {step.Length} s");
        switch (step.Fault)
        {
            case GroupFault.CutService when node.Service.IsReachable:
                node.Service.IsReachable = false;
                _ends.Enqueue(() => node.Service.IsReachable = true, Now + (Second * step.Length));
                break;
            case GroupFault.CutDestination when !node.IsDestinationCut:
                node.IsDestinationCut = true;
                _ends.Enqueue(() => node.IsDestinationCut = false, Now + (Second * step.Length));
                break;
            case GroupFault.HandOver when _primary is { Session.IsConnected: true, IsPrimary: true } old && old != node && node.Session.IsConnected:
                await HandOverAsync(old, node);
                break;
        }
    }

    private async Task HandOverAsync(GroupNode old, GroupNode node)
    {
        await PrepareAsync(node);
        var draining = old.Draining = old.Session.OrderDrainAsync(Second * DrainSeconds);
        for (var i = 0; i <= DrainSeconds && !draining.IsCompleted; i++)
        {
            await TickAsync();
        }

        old.Draining = null;
        var cut = draining.IsCompletedSuccessfully ? await draining : null;
        var isExact = cut is not null && _schedule.SourceTimestamps;
        await AssignAsync(old, FailoverRole.Secondary);
        if (old.IsPrimary || !node.Session.IsConnected)
        {
            // It was lost meanwhile: the deadline decides.
            await AssignAsync(old, FailoverRole.Primary);
            return;
        }

        _group = isExact || cut > _group ? cut : _group;
        await PromoteAsync(node, "HigherFailoverScore", isExact);
    }

    private async Task DecideAsync()
    {
        if (_primary is { } primary && (primary.Session.IsConnected || Now - primary.LastHeard < Timeout))
        {
            return;
        }

        if (_nodes.Find(n => n != _primary && n.Session.IsConnected) is { } other)
        {
            if (_primary is not null)
            {
                await AssignAsync(_primary, FailoverRole.Secondary);
            }

            await PrepareAsync(other);
            await PromoteAsync(other, _primary is null ? "OnlyClientInGroup" : "PrimaryTimedOut", isExact: false);
        }
    }

    // Who waits warm or cold begins as soon as it is chosen.
    private async Task PrepareAsync(GroupNode node)
    {
        if (_schedule.Mode != FailoverMode.Hot)
        {
            await AssignAsync(node, FailoverRole.PendingPrimary);
            await RestAsync();
        }
    }

    private async Task PromoteAsync(GroupNode node, string reason, bool isExact)
    {
        Promotions++;
        _primary = node;
        Tell();
        await AssignAsync(node, FailoverRole.Primary, reason, isExact);
        Story.Add($"{Now:mm:ss}: {node.Id} is Primary in term {node.Service.Term} after {_group:mm:ss}, exact: {isExact}");
    }

    private async Task AssignAsync(GroupNode node, FailoverRole role, string? reason = null, bool isExact = false)
    {
        await node.Session.AssignAsync(role, reason, isExact).WaitAsync(Eventually.Patience);
        _nodes.ForEach(n => n.Service.Term = Math.Max(n.Service.Term, node.Service.Term));
    }

    private async Task PassAsync(int seconds)
    {
        for (var i = 0; i < seconds; i++)
        {
            await TickAsync();
            await DecideAsync();
        }
    }

    private async Task TickAsync()
    {
        _time.Advance(Second);
        await RestAsync();
        var value = _values++;
        if (_nodes.ConvertAll(n => n.Take(value)).Contains(true))
        {
            _collected.Add(value);
        }

        while (_ends.TryPeek(out var end, out var when) && when <= Now)
        {
            _ends.Dequeue();
            end();
        }

        await RestAsync();
        if (_primary is { Session: { IsConnected: true, LastHeartbeat.LastDataProcessedTime: { } time } } && !(time <= _group))
        {
            _group = time;
        }

        Tell();
        await LookAsync();
    }

    private void Tell() => _nodes.ForEach(n => n.Service.LastDataProcessedTime = _group);

    private async Task LookAsync()
    {
        if (_schedule.OnServiceLost == OnServiceLost.KeepRole)
        {
            // Who is cut off goes on until it is back: the documented overlap. Whoever is back is told at once.
            await Eventually.IsTrueAsync(() => _nodes.TrueForAll(n => n == _primary || !n.Session.IsConnected || !n.IsPrimary));
        }
        else if (_nodes.Where(n => n.IsPrimary).Select(n => n.Id).ToList() is { Count: > 1 } primaries)
        {
            Overlaps.Add($"{Now:mm:ss}: {string.Join(", ", primaries)}");
        }
    }

    private async Task RestAsync()
    {
        for (var begin = Stopwatch.GetTimestamp(); !_nodes.TrueForAll(n => n.IsAtRest()); await Task.Yield())
        {
            if (Stopwatch.GetElapsedTime(begin) > Eventually.Patience)
            {
                throw new TimeoutException($"Somebody never comes to rest at {Now:mm:ss}: {string.Join("; ", _nodes)}\n{string.Join('\n', Story)}");
            }
        }
    }
}
