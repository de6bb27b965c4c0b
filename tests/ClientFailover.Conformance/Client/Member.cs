using System.Collections.Concurrent;
using ClientFailover.Client;

namespace ClientFailover.Conformance.Client;

/// <summary>A member that reports what the test wants, and remembers what it was told.</summary>
internal sealed class Member : IFailoverMember
{
    /// <summary>What it reports.</summary>
    public AdapterReport Reported { get; set; } = new(50, null);

    /// <summary>Where its drains stop.</summary>
    public DateTimeOffset? Final { get; set; }

    /// <summary>What it was told.</summary>
    public ConcurrentQueue<RoleState> Told { get; } = new();

    /// <summary>The drains it was ordered.</summary>
    public ConcurrentQueue<DrainOrder> Drains { get; } = new();

    /// <inheritdoc/>
    public AdapterReport Report() => Reported;

    /// <inheritdoc/>
    public void Assume(RoleState state, TimeSpan failoverTimeout) => Told.Enqueue(state);

    /// <inheritdoc/>
    public Task<DateTimeOffset?> DrainAsync(DrainOrder order, CancellationToken cancellation)
    {
        Drains.Enqueue(order);
        return Task.FromResult(Final);
    }
}
