namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for the order of the chunks: an index of all, the items of few. Everything but <see cref="Sync"/> is used with it
/// held.
/// </summary>
/// <param name="bySource">Whether the time that counts is source time; else time of receipt.</param>
internal sealed partial class ChunkQueue(bool bySource)
{
    /// <summary>With no more chunks than this the items of all stay in memory: whoever is nearly caught up reads no disk.</summary>
    private const int MostInMemory = 16;

    /// <summary>What an item takes in memory beside its payload.</summary>
    private const int ItemMemory = 80;

    private readonly LinkedList<Chunk> _chunks = new();
    private readonly SortedSet<(long Time, long Order)> _byTime = [];
    private readonly Stack<DataItem[]> _arrays = new();
    private Chunk? _open;
    private long _order;

    /// <summary>Must be held.</summary>
    public Lock Sync { get; } = new();

    /// <summary>Items.</summary>
    public long Count { get; private set; }

    /// <summary>About how many bytes all items take, encoded. Looks at every chunk.</summary>
    public long Bytes => _chunks.Sum(c => c.Bytes * c.Count / Math.Max(1, c.Total));

    /// <summary>Bytes in memory that the disk does not have.</summary>
    public long PendingBytes { get; private set; }

    /// <summary>The chunks, oldest first.</summary>
    public LinkedList<Chunk> Chunks => _chunks;

    /// <summary>The earliest time of an item, in ticks; null: none is there.</summary>
    public long? Earliest
    {
        get
        {
            var least = _byTime.Count > 0 ? _byTime.Min.Time : long.MaxValue;
            if (_open is not null)
            {
                least = Math.Min(least, TimeOf(_open));
            }

            return Count > 0 ? least : null;
        }
    }

    /// <summary>The earliest time of receipt of an item, or earlier, in ticks; null: none is there. Looks at every chunk.</summary>
    public long? EarliestReceived => Count > 0 ? _chunks.Min(c => c.Times.ReceivedMin) : null;

    /// <summary>The latest time of receipt of an item, or later, in ticks; null: none is there. Looks at every chunk.</summary>
    public long? LatestReceived => Count > 0 ? _chunks.Max(c => c.Times.ReceivedMax) : null;

    /// <summary>The time of an item that counts.</summary>
    /// <param name="item">The item.</param>
    /// <returns>In ticks.</returns>
    public long TimeOf(in DataItem item) => (bySource ? item.SourceTime : item.ReceivedTime).UtcTicks;

    /// <summary>The earliest time of a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <returns>In ticks.</returns>
    public long TimeOf(Chunk chunk) => bySource ? chunk.Times.SourceMin : chunk.Times.ReceivedMin;

    /// <summary>Adds an item at the end.</summary>
    /// <param name="item">The item.</param>
    public void Append(in DataItem item)
    {
        if (_open is null)
        {
            _open = new Chunk(_arrays.TryPop(out var array) ? array : null);
            _open.Node = _chunks.AddLast(_open);
        }

        var memory = item.Payload.Length + ItemMemory;
        _open.Add(item, memory);
        Count++;
        PendingBytes += memory;
        if (_open.IsFull)
        {
            Seal();
        }
    }

    /// <summary>Puts what an earlier run left before everything else.</summary>
    /// <param name="rows">What the disk has.</param>
    public void Prepend(IReadOnlyList<ChunkRow> rows)
    {
        NextId = rows.Count > 0 ? rows[^1].Id + 1 : 1;
        for (var i = rows.Count - 1; i >= 0; i--)
        {
            var chunk = new Chunk(rows[i]);
            chunk.Node = _chunks.AddFirst(chunk);
            Count += chunk.Count;
            SetKey(chunk);
        }
    }

    /// <summary>The chunk that items are added to takes no more.</summary>
    public void Seal()
    {
        if (_open is { } chunk)
        {
            _open = null;
            SetKey(chunk);
        }
    }

    /// <summary>The same, if it was begun before a time.</summary>
    /// <param name="time">The time of receipt, in ticks.</param>
    public void SealOlderThan(long time)
    {
        if (_open?.Times.ReceivedMin < time)
        {
            Seal();
        }
    }

    /// <summary>Whether items are added to a chunk.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <returns>True: they are.</returns>
    public bool IsOpen(Chunk chunk) => ReferenceEquals(chunk, _open);

    /// <summary>Whether a chunk is in the queue.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <returns>False: it was removed.</returns>
    public static bool Contains(Chunk chunk) => chunk.Node is not null;

    /// <summary>Changes what is left of a chunk, and removes it when nothing is.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="change">The change.</param>
    public void Change(Chunk chunk, Action<Chunk> change)
    {
        var before = chunk.Count;
        change(chunk);
        Count -= before - chunk.Count;
        if (chunk.Count == 0)
        {
            Remove(chunk);
        }
        else if (!IsOpen(chunk))
        {
            SetKey(chunk);
        }
    }

    /// <summary>Removes one item. A <see cref="Change"/> must follow.</summary>
    /// <param name="chunk">Its chunk.</param>
    /// <param name="position">Its position.</param>
    public void RemoveAt(Chunk chunk, int position)
    {
        if (chunk.Remove(position))
        {
            Count--;
        }
    }

    /// <summary>Removes a chunk with all that is left of it.</summary>
    /// <param name="chunk">The chunk.</param>
    public void Remove(Chunk chunk)
    {
        _chunks.Remove(chunk.Node!);
        chunk.Node = null;
        Count -= chunk.Count;
        PendingBytes -= chunk.PendingBytes;
        if (chunk.Key is { } key)
        {
            _byTime.Remove(key);
        }

        if (IsOpen(chunk))
        {
            _open = null;
        }

        if (chunk.Id != 0)
        {
            _deleted.Add(chunk.Id);
        }

        Release(chunk);
    }

    /// <summary>Gives up the items of a chunk that the disk has too, unless there are so few that they may stay.</summary>
    /// <param name="chunk">The chunk.</param>
    public void ReleaseIfIdle(Chunk chunk)
    {
        if (Contains(chunk) && !IsOpen(chunk) && !chunk.IsUnwritten && !chunk.IsInBatch && !chunk.IsInWriting && _chunks.Count > MostInMemory)
        {
            Release(chunk);
        }
    }

    private void Release(Chunk chunk)
    {
        if (chunk.Release() is { } array && _arrays.Count < MostInMemory)
        {
            _arrays.Push(array);
        }
    }

    private void SetKey(Chunk chunk)
    {
        var time = TimeOf(chunk);
        if (chunk.Key is { } key)
        {
            if (key.Time == time)
            {
                return;
            }

            _byTime.Remove(key);
        }

        chunk.Key = (time, chunk.Key?.Order ?? ++_order);
        _byTime.Add(chunk.Key.Value);
    }
}
