using System.Collections.Concurrent;
using ClientFailover.Service.Configuration;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Tests.Groups;

/// <summary>A store whose disk answers when the test says so.</summary>
internal sealed class ManualStore : IGroupStore
{
    private readonly ConcurrentQueue<StoreWrite> _waiting = new();
    private long _revision;

    /// <summary>Whether writes are completed at once, as durable.</summary>
    public bool AnswersAtOnce { get; set; } = true;

    /// <summary>Run before a write is taken: of a decision, under the lock of its group.</summary>
    public Action? Appending { get; set; }

    public StoreHealth Health { get; set; } = new(true, null);

    public long Revision => Volatile.Read(ref _revision);

    /// <summary>What an earlier run had counted.</summary>
    public IReadOnlyList<StoredSilence> Silences { get; set; } = [];

    /// <summary>Everything that was completed, in order.</summary>
    public ConcurrentQueue<StoreWrite> Taken { get; } = new();

    public int Waiting => _waiting.Count;

    public Task<IReadOnlyList<StoredGroup>> LoadAsync(CancellationToken cancellation) => Task.FromResult<IReadOnlyList<StoredGroup>>([]);

    public Task<IReadOnlyList<StoredAccessList>> LoadAccessListsAsync(CancellationToken cancellation) =>
        Task.FromResult<IReadOnlyList<StoredAccessList>>([]);

    public Task<StoredTenants> LoadTenantsAsync(CancellationToken cancellation) => Task.FromResult(new StoredTenants([], []));

    public Task<ServiceConfiguration> LoadConfigurationAsync(CancellationToken cancellation) => Task.FromResult(ServiceConfiguration.Empty);

    public Task<IReadOnlyList<StoredSilence>> LoadSilencesAsync(CancellationToken cancellation) => Task.FromResult(Silences);

    public void Append(StoreWrite write)
    {
        Appending?.Invoke();
        _waiting.Enqueue(write);
        if (AnswersAtOnce)
        {
            // As the real one: never on the caller's thread, which holds the group's lock.
            ThreadPool.QueueUserWorkItem(_ => AnswerOne(StoreOutcome.Durable));
        }
    }

    public void Answer(StoreOutcome outcome = StoreOutcome.Durable)
    {
        while (AnswerOne(outcome))
        {
        }
    }

    public Task<HistoryPage> ReadHistoryAsync(GroupKey group, int skip, int count, CancellationToken cancellation) =>
        Task.FromResult(new HistoryPage([], 0));

    private bool AnswerOne(StoreOutcome outcome)
    {
        lock (_waiting)
        {
            if (!_waiting.TryDequeue(out var write))
            {
                return false;
            }

            var result = outcome == StoreOutcome.Deferred && write.MustBeDurable ? StoreOutcome.Refused : outcome;
            var first = result == StoreOutcome.Refused ? 0 : _revision + 1;
            _revision += result == StoreOutcome.Refused ? 0 : write.Events.Count;
            Taken.Enqueue(write);
            write.Complete(result, first);
            return true;
        }
    }
}
