using System.Collections.Concurrent;
using ClientFailover.Client;

namespace ClientFailover.Conformance.Client;

/// <summary>A member that reports what the test wants, and remembers what it was told.</summary>
internal sealed class Member : IFailoverMember
{
    private volatile bool _maySend;

    /// <summary>What it reports.</summary>
    public AdapterReport Reported { get; set; } = new(50, null);

    /// <summary>Where its drains stop.</summary>
    public DateTimeOffset? Final { get; set; }

    /// <summary>What its drains wait for.</summary>
    public Task MayFinish { get; set; } = Task.CompletedTask;

    /// <summary>Whether it may send: from being told that it is Primary to the end of its drain, or to being told otherwise.</summary>
    public bool MaySend => _maySend;

    /// <summary>Is told what it takes.</summary>
    public Action<RoleState> Taken { get; set; } = static _ => { };

    /// <summary>What it was told.</summary>
    public ConcurrentQueue<RoleState> Told { get; } = new();

    /// <summary>The drains it was ordered.</summary>
    public ConcurrentQueue<DrainOrder> Drains { get; } = new();

    /// <inheritdoc/>
    public AdapterReport Report() => Reported;

    /// <inheritdoc/>
    public void Assume(RoleState state, TimeSpan failoverTimeout)
    {
        _maySend = state.Role == FailoverRole.Primary;
        Taken(state);
        Told.Enqueue(state);
    }

    /// <inheritdoc/>
    public async Task<DateTimeOffset?> DrainAsync(DrainOrder order, CancellationToken cancellation)
    {
        Drains.Enqueue(order);
        await MayFinish.WaitAsync(cancellation);
        _maySend = false;
        return Final;
    }
}
