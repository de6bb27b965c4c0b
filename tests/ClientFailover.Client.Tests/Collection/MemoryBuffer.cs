using ClientFailover.Client.Buffering;

namespace ClientFailover.Client.Tests.Collection;

/// <summary>The queue of an adapter in memory, in the simplest way.</summary>
internal sealed class MemoryBuffer(bool sourceTimestamps) : IItemBuffer
{
    private readonly Lock _sync = new();
    private readonly List<DataItem> _items = [];
    private List<DataItem> _batch = [];

    public long Count
    {
        get
        {
            lock (_sync)
            {
                return _items.Count;
            }
        }
    }

    public long Bytes => Items.Sum(i => i.Payload.Length);

    public DateTimeOffset? Earliest
    {
        get
        {
            lock (_sync)
            {
                return _items.Count == 0 ? null : _items.Min(TimeOf);
            }
        }
    }

    public DateTimeOffset? EarliestReceived
    {
        get
        {
            lock (_sync)
            {
                return _items.Count == 0 ? null : _items.Min(i => i.ReceivedTime);
            }
        }
    }

    public DateTimeOffset? LatestReceived
    {
        get
        {
            lock (_sync)
            {
                return _items.Count == 0 ? null : _items.Max(i => i.ReceivedTime);
            }
        }
    }

    public bool IsUnshared { get; set; }

    public Action<Action> TakingLeft { get; set; } = static take => take();

    public long Dropped => 0;

    public IReadOnlyList<DataItem> Items
    {
        get
        {
            lock (_sync)
            {
                return [.. _items];
            }
        }
    }

    public bool IsFlushed { get; private set; }

    /// <summary>What opening waits for.</summary>
    public Task Opening { get; init; } = Task.CompletedTask;

    public Task OpenAsync(CancellationToken cancellation) => Opening;

    public void Append(in DataItem item)
    {
        lock (_sync)
        {
            _items.Add(item);
        }
    }

    public ValueTask<IReadOnlyList<DataItem>> ReadAsync(int maxItems, int maxBytes, DateTimeOffset? upTo, CancellationToken cancellation)
    {
        lock (_sync)
        {
            _batch = [.. _items.Where(i => upTo is null || TimeOf(i) <= upTo).Take(maxItems)];
            return ValueTask.FromResult<IReadOnlyList<DataItem>>(_batch);
        }
    }

    public void Complete()
    {
        lock (_sync)
        {
            var done = _batch.ToHashSet();
            _items.RemoveAll(done.Contains);
            _batch = [];
        }
    }

    public void Trim(DateTimeOffset bound)
    {
        lock (_sync)
        {
            _items.RemoveAll(i => i.SourceTime <= bound && i.ReceivedTime <= bound);
        }
    }

    public void TrimExact(DateTimeOffset cut)
    {
        lock (_sync)
        {
            _items.RemoveAll(i => i.SourceTime <= cut);
        }
    }

    public Task FlushAsync(CancellationToken cancellation)
    {
        IsFlushed = true;
        return Task.CompletedTask;
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private DateTimeOffset TimeOf(DataItem item) => sourceTimestamps ? item.SourceTime : item.ReceivedTime;
}
