namespace ClientFailover.Service.Limits;

/// <summary>Something unfinished that takes memory for a caller: see <see cref="CallerBacklog"/>, under whose lock all but the end is used.</summary>
internal abstract class BacklogEntry
{
    /// <summary>Creates it.</summary>
    protected BacklogEntry() => Place = new(this);

    /// <summary>Its place among those of its caller.</summary>
    public LinkedListNode<BacklogEntry> Place { get; }

    /// <summary>What its caller has; null: it is not, or no longer, among that.</summary>
    public CallerShare? Share { get; set; }

    /// <summary>How many bytes it takes.</summary>
    public long Bytes { get; set; }

    /// <summary>When it is late: a timestamp of the clock.</summary>
    public long DueAt { get; set; }

    /// <summary>Ends it. Called once at most, and not under the lock: it may have finished meanwhile.</summary>
    /// <param name="isLate">True: for its time; false: for what its caller has all together.</param>
    public abstract void End(bool isLate);
}

/// <summary>What one caller has unfinished. Used under the lock of the <see cref="CallerBacklog"/>.</summary>
internal sealed class CallerShare
{
    /// <summary>All that take no memory yet.</summary>
    public LinkedList<BacklogEntry> Empty { get; } = new();

    /// <summary>All that do, the longest first.</summary>
    public LinkedList<BacklogEntry> Holding { get; } = new();

    /// <summary>How many bytes they take together.</summary>
    public long Bytes { get; set; }
}
