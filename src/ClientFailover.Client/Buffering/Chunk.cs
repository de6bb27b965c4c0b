namespace ClientFailover.Client.Buffering;

/// <summary>
/// Responsible for what is known of some consecutive items: their times and which of them are left, and the items themselves while
/// they are in memory. Positions never change, also not on the disk: what is removed leaves a hole. Not safe for threads.
/// </summary>
internal sealed class Chunk
{
    /// <summary>Most items of a chunk: an array of them stays below the size from which the collector takes it for large.</summary>
    public const int MaxItems = 1024;

    /// <summary>A chunk of this many bytes is full; its encoded form, too, stays below the size of a large object.</summary>
    public const int MaxBytes = 64 * 1024;

    private const int FirstItems = 128;

    /// <summary>About what an item takes beside its payload, encoded.</summary>
    private const int ItemBytes = 16;

    private DataItem[]? _items;
    private Holes _holes;

    /// <summary>Creates one that items are added to.</summary>
    /// <param name="array">An array that is not needed any more; null: none.</param>
    public Chunk(DataItem[]? array) => _items = array ?? new DataItem[FirstItems];

    /// <summary>Creates one that is on the disk.</summary>
    /// <param name="row">What the disk knows of it.</param>
    public Chunk(ChunkRow row) =>
        (Id, Total, Count, Bytes, Times, WrittenTotal) = (row.Id, row.Total, row.Count, row.Bytes, row.Times, row.Total);

    /// <summary>Its number on the disk, which gives the order; 0: it has none yet.</summary>
    public long Id { get; set; }

    /// <summary>Its place in the queue.</summary>
    public LinkedListNode<Chunk>? Node { get; set; }

    /// <summary>By what time the queue finds it; null: not among those that are searched.</summary>
    public (long Time, long Order)? Key { get; set; }

    /// <summary>Positions that are used.</summary>
    public int Total { get; private set; }

    /// <summary>Items that are left; at most so many, while some wait to be removed when they are read.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes on the disk; before it was written: about.</summary>
    public long Bytes { get; set; }

    /// <summary>The span of times of what is left; wider, while some wait to be removed when they are read.</summary>
    public TimeSpans Times { get; private set; } = TimeSpans.None;

    /// <summary>The first positions that the disk has.</summary>
    public int WrittenTotal { get; set; }

    /// <summary>The first positions that were there already when the clock last ticked.</summary>
    public int AgedTotal { get; set; }

    /// <summary>Bytes in memory that the disk does not have.</summary>
    public long PendingBytes { get; set; }

    /// <summary>Whether the disk has items that were removed.</summary>
    public bool IsRemovalUnsaved { get; set; }

    /// <summary>Whether it is being written: its array must not be used for anything else.</summary>
    public bool IsInWriting { get; set; }

    /// <summary>Whether the batch that is out has items of it.</summary>
    public bool IsInBatch { get; set; }

    /// <summary>The first position that the batch has not looked at.</summary>
    public int BatchNext { get; set; }

    /// <summary>Items up to this bound wait to be removed: <see cref="IItemBuffer.Trim"/>.</summary>
    public long SafeBound { get; private set; } = long.MinValue;

    /// <summary>Items up to this cut wait to be removed: <see cref="IItemBuffer.TrimExact"/>.</summary>
    public long ExactCut { get; private set; } = long.MinValue;

    /// <summary>Whether something waits to be removed when it is read.</summary>
    public bool HasBounds => SafeBound != long.MinValue || ExactCut != long.MinValue;

    /// <summary>The items; null: they are on the disk only.</summary>
    public DataItem[]? Items => _items;

    /// <summary>Which positions are removed; null: none.</summary>
    public ulong[]? Removed => _holes.Bits;

    /// <summary>Whether it takes no more.</summary>
    public bool IsFull => Total >= MaxItems || Bytes >= MaxBytes;

    /// <summary>Whether the disk does not have all of it.</summary>
    public bool IsUnwritten => WrittenTotal < Total;

    /// <summary>The first position that may not be removed.</summary>
    public int First { get; private set; }

    /// <summary>Adds an item.</summary>
    /// <param name="item">The item.</param>
    /// <param name="memory">Bytes that it takes in memory.</param>
    public void Add(in DataItem item, int memory)
    {
        if (Total == _items!.Length)
        {
            Array.Resize(ref _items, Math.Min(MaxItems, Total * 4));
        }

        _items[Total++] = item;
        Count++;
        Bytes += item.Payload.Length + ItemBytes;
        PendingBytes += memory;
        Times = Times.With(item);
    }

    /// <summary>Whether a position is removed.</summary>
    /// <param name="position">The position.</param>
    /// <returns>True: it is.</returns>
    public bool IsRemoved(int position) => _holes.Has(position);

    /// <summary>Removes a position. <see cref="Settle"/> must follow.</summary>
    /// <param name="position">The position.</param>
    /// <returns>False: it was removed already.</returns>
    public bool Remove(int position)
    {
        if (!_holes.Add(position))
        {
            return false;
        }

        Count--;
        IsRemovalUnsaved |= position < WrittenTotal || IsInWriting;
        return true;
    }

    /// <summary>Brings its times up to date after removals, as far as the items are in memory.</summary>
    public void Settle()
    {
        while (First < Total && IsRemoved(First))
        {
            First++;
        }

        if (_items is null)
        {
            return;
        }

        var times = TimeSpans.None;
        for (var i = First; i < Total; i++)
        {
            if (!IsRemoved(i))
            {
                times = times.With(_items[i]);
            }
        }

        Times = times;
    }

    /// <summary>Whether anything is left from one position to before another.</summary>
    /// <param name="from">The first.</param>
    /// <param name="to">Behind the last.</param>
    /// <returns>True: there is.</returns>
    public bool HasLeft(int from, int to)
    {
        for (var i = Math.Max(from, First); i < to; i++)
        {
            if (!IsRemoved(i))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Removes what is safe, at once or when it is read.</summary>
    /// <param name="bound">The bound, by source time and time of receipt.</param>
    public void Trim(long bound)
    {
        SafeBound = Math.Max(SafeBound, bound);
        ApplyBounds();
    }

    /// <summary>Removes what was egressed, at once or when it is read.</summary>
    /// <param name="cut">The cut, by source time.</param>
    public void TrimExact(long cut)
    {
        ExactCut = Math.Max(ExactCut, cut);
        Times = Times with { SourceMin = Math.Max(Times.SourceMin, cut + 1) };
        ApplyBounds();
    }

    /// <summary>Takes the items that were read from the disk.</summary>
    /// <param name="items">The items.</param>
    /// <param name="removed">Positions that were removed when it was written; null: none.</param>
    public void Load(DataItem[] items, ulong[]? removed)
    {
        _items = items;
        _holes.Add(removed);
        Count = Total - _holes.Count;
        Settle();
        ApplyBounds();
    }

    /// <summary>The disk has lost it: it has to be written again.</summary>
    /// <param name="memory">What an item takes in memory beside its payload.</param>
    public void Forget(int memory)
    {
        (WrittenTotal, AgedTotal) = (0, 0);
        PendingBytes = Total * (long)memory + Bytes;
    }

    /// <summary>Gives up the items: the disk has them, or nobody wants them any more.</summary>
    /// <returns>An array for another chunk; null: none that can be used.</returns>
    public DataItem[]? Release()
    {
        var items = _items;
        _items = null;
        if (IsInWriting || items is null || items.Length < FirstItems)
        {
            return null;
        }

        Array.Clear(items, 0, Total);
        return items;
    }

    private void ApplyBounds()
    {
        if (_items is null || !HasBounds)
        {
            return;
        }

        for (var i = First; i < Total; i++)
        {
            var (source, received) = (_items[i].SourceTime.UtcTicks, _items[i].ReceivedTime.UtcTicks);
            if (source <= ExactCut || (source <= SafeBound && received <= SafeBound))
            {
                Remove(i);
            }
        }

        // They hold for what is there now, not for what is still to be added.
        (SafeBound, ExactCut) = (long.MinValue, long.MinValue);
        Settle();
    }
}
