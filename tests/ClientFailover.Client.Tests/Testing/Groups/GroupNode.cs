using System.Collections.Concurrent;
using ClientFailover.Client.Hosting;
using ClientFailover.Client.Testing;
using ClientFailover.Client.Tests.Collection;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClientFailover.Client.Tests.Testing.Groups;

/// <summary>
/// Responsible for an adapter with its source and its destination. It sees the service through a fake of its own, so that it alone can
/// be cut off.
/// </summary>
internal sealed class GroupNode : IAdapterComponent, IEgress
{
    private readonly FailoverOptions _options;
    private readonly GroupTime _time;
    private readonly ConcurrentDictionary<int, int> _destination;
    private IComponentContext _context = null!;
    private volatile bool _isCollecting;

    public GroupNode(FailoverOptions options, GroupTime time, ConcurrentDictionary<int, int> destination)
    {
        (_options, _time, _destination) = (options, time, destination);
        Service = new FakeFailoverService(time);
        Adapter = new FailoverAdapter(
            options, [this], this, new MemoryBuffer(options.SourceTimestamps),
            member => Parts.Membership(options, member, time, NullLoggerFactory.Instance, Service), time, NullLogger.Instance, noticesPauses: false);
    }

    public string Id => _options.SessionId!;

    public string Name => "source";

    public FailoverAdapter Adapter { get; }

    public FakeFailoverService Service { get; }

    public FakeSession Session => Service.Sessions[0];

    /// <summary>Whether the destination takes nothing from it.</summary>
    public bool IsDestinationCut { get; set; }

    /// <summary>Its handover; null: none.</summary>
    public Task<DateTimeOffset?>? Draining { get; set; }

    /// <summary>What it believes.</summary>
    public bool IsPrimary => Adapter.Failover.Role.Role == FailoverRole.Primary;

    /// <summary>When the service heard from it.</summary>
    public DateTimeOffset? LastHeard => Session.LastHeartbeat?.Time;

    /// <summary>Whether nothing is under way: time may go on.</summary>
    public bool IsAtRest()
    {
        var role = Adapter.Failover.Role.Role;
        return Adapter.State.Role == role
            && _isCollecting == (_options.Mode == FailoverMode.Hot || role != FailoverRole.Secondary)
            && Adapter.IsAtRest(_ => _isCollecting, isSending: false, Draining is { IsCompleted: false })
            && (!Session.IsConnected || _time.GetUtcNow() - LastHeard < _options.FailoverTimeout / 3);
    }

    /// <summary>The source has a value.</summary>
    /// <returns>Whether it was collected.</returns>
    public bool Take(int value)
    {
        if (_isCollecting)
        {
            _context.Publish("s", _time.GetUtcNow(), BitConverter.GetBytes(value));
        }

        return _isCollecting;
    }

    public Task StartAsync(IComponentContext context, CancellationToken cancellation)
    {
        _context = context;
        context.SelectStreams(["s"]);
        return Task.CompletedTask;
    }

    public Task ConnectAsync(CancellationToken cancellation) => Task.CompletedTask;

    public async Task CollectAsync(CancellationToken cancellation)
    {
        _isCollecting = true;
        try
        {
            await Task.Delay(Timeout.Infinite, cancellation);
        }
        finally
        {
            _isCollecting = false;
        }
    }

    public Task StopAsync(CancellationToken cancellation) => Task.CompletedTask;

    public Task SendAsync(IReadOnlyList<DataItem> items, EgressContext context, CancellationToken cancellation)
    {
        if (IsDestinationCut)
        {
            throw new IOException("The destination is cut off.");
        }

        foreach (var item in items)
        {
            _destination.AddOrUpdate(BitConverter.ToInt32(item.Payload.Span), 1, (_, times) => times + 1);
        }

        return Task.CompletedTask;
    }

    public override string ToString() => $"{Id} believes {Adapter.Failover.Role.Role}, {Adapter.State}, collects {_isCollecting}, "
        + $"connected {Session.IsConnected}, heard of at {LastHeard:mm:ss}, hands over {Draining?.Status}";
}
