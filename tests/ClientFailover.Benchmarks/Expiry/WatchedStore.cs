using System.Diagnostics;
using ClientFailover.Engine;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;

namespace ClientFailover.Benchmarks.Expiry;

/// <summary>Sees every decision on its way to the store, and when it was made.</summary>
/// <param name="store">The store.</param>
internal sealed class WatchedStore(IGroupStore store) : IGroupStore
{
    private long _events;
    private int _losses;
    private long _firstLoss;
    private long _lastLoss;

    /// <inheritdoc/>
    public StoreHealth Health => store.Health;

    /// <inheritdoc/>
    public long Revision => store.Revision;

    /// <summary>How many sessions were decided to be lost.</summary>
    public int Losses => Volatile.Read(ref _losses);

    /// <summary>When the first was, on the clock of <see cref="Stopwatch"/>.</summary>
    public long FirstLoss => Volatile.Read(ref _firstLoss);

    /// <summary>When the last was, on the clock of <see cref="Stopwatch"/>.</summary>
    public long LastLoss => Volatile.Read(ref _lastLoss);

    /// <summary>Whether all that was decided is on the disk.</summary>
    public bool IsAllStored => store.Revision >= Volatile.Read(ref _events);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredGroup>> LoadAsync(CancellationToken cancellation) => store.LoadAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredAccessList>> LoadAccessListsAsync(CancellationToken cancellation) => store.LoadAccessListsAsync(cancellation);

    /// <inheritdoc/>
    public Task<StoredTenants> LoadTenantsAsync(CancellationToken cancellation) => store.LoadTenantsAsync(cancellation);

    /// <inheritdoc/>
    public Task<ServiceConfiguration> LoadConfigurationAsync(CancellationToken cancellation) => store.LoadConfigurationAsync(cancellation);

    /// <inheritdoc/>
    public Task<IReadOnlyList<StoredSilence>> LoadSilencesAsync(CancellationToken cancellation) => store.LoadSilencesAsync(cancellation);

    /// <inheritdoc/>
    public Task<HistoryPage> ReadHistoryAsync(GroupKey group, int skip, int count, CancellationToken cancellation) =>
        store.ReadHistoryAsync(group, skip, count, cancellation);

    /// <inheritdoc/>
    public void Append(StoreWrite write)
    {
        Interlocked.Add(ref _events, write.Events.Count);
        var losses = write.Events.Count(e => e is SessionLost);
        if (losses > 0)
        {
            var now = Stopwatch.GetTimestamp();
            Interlocked.CompareExchange(ref _firstLoss, now, 0);
            Volatile.Write(ref _lastLoss, now);
            Interlocked.Add(ref _losses, losses);
        }

        store.Append(write);
    }
}
