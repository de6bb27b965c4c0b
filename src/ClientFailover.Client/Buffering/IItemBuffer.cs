namespace ClientFailover.Client.Buffering;

/// <summary>
/// The one queue of an adapter: everything collected that is not known to have reached the destination, in the order of
/// collection. Safe for use by any thread.
/// </summary>
internal interface IItemBuffer : IAsyncDisposable
{
    /// <summary>
    /// How many items it holds, in memory and on disk. Of a chunk on disk that is trimmed in part all count until it is read.
    /// </summary>
    long Count { get; }

    /// <summary>About how many bytes they take, in memory and on disk. Looks at all of it.</summary>
    long Bytes { get; }

    /// <summary>
    /// The earliest time of an item that it holds, in the time base of LastDataProcessedTime (source time if the adapter reports
    /// timestamps of its sources, else time of receipt); null: it is empty. Never later than that, but earlier while a chunk on disk that is trimmed in part has
    /// not been read: to learn whether anything up to a time is left, read up to it.
    /// </summary>
    DateTimeOffset? Earliest { get; }

    /// <summary>The earliest time of receipt of an item that it holds, or earlier; null: it is empty.</summary>
    DateTimeOffset? EarliestReceived { get; }

    /// <summary>The latest time of receipt of an item that it holds, or later; null: it is empty.</summary>
    DateTimeOffset? LatestReceived { get; }

    /// <summary>Whether some of it may be in nobody else's buffer. Kept over a restart.</summary>
    bool IsUnshared { get; set; }

    /// <summary>
    /// Around the taking of what was left on disk by an earlier run: it must call what it is given, which takes it. If the disk cannot be used at
    /// first, that is long after <see cref="OpenAsync"/>, on the thread that writes; whoever trims decides here, before a trim can come in
    /// between, whether that may be trimmed. Must not throw, and not wait for the disk.
    /// </summary>
    Action<Action> TakingLeft { get; set; }

    /// <summary>Items that a limit forced it to drop, since the process started.</summary>
    long Dropped { get; }

    /// <summary>
    /// Takes what was left on disk by an earlier run. Once, before anything else. A damaged buffer is moved aside; if the disk cannot be
    /// used now, it begins in memory, and takes what was left when it can.
    /// </summary>
    /// <exception cref="IOException">Another process uses the same folder.</exception>
    /// <exception cref="UnauthorizedAccessException">The account may not write there.</exception>
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>Adds an item at the end. Never waits for the disk.</summary>
    void Append(in DataItem item);

    /// <summary>
    /// The oldest items, which stay until <see cref="Complete"/>. One batch at a time: a batch that was not completed is given up by the
    /// next read, which begins with the same items. Of items that are on disk and in memory the order is kept. Not to be called while
    /// another call runs, nor beside <see cref="Complete"/>.
    /// </summary>
    /// <param name="maxItems">Most items.</param>
    /// <param name="maxBytes">Most bytes of payload, but at least one item.</param>
    /// <param name="upTo">Only items whose time (as in <see cref="Earliest"/>) is not later; null: all.</param>
    /// <param name="cancellation">Ends the wait for the disk.</param>
    /// <returns>The batch; empty when there is nothing (more) to read.</returns>
    /// <exception cref="IOException">The disk cannot be read now. Nothing is lost; try again later.</exception>
    ValueTask<IReadOnlyList<DataItem>> ReadAsync(int maxItems, int maxBytes, DateTimeOffset? upTo, CancellationToken cancellation);

    /// <summary>
    /// The batch that was read has reached the destination (or is dropped on purpose): it is removed. After a crash it may come again,
    /// not after a flush.
    /// </summary>
    void Complete();

    /// <summary>
    /// A Secondary learnt what is safe: items whose source time and time of receipt are both not later than the bound are dropped, of
    /// those that are there now.
    /// </summary>
    void Trim(DateTimeOffset bound);

    /// <summary>
    /// An exact handover: items whose source time is not later than the cut were egressed by the other, and are dropped, of those that
    /// are there now. Those that arrive later are the caller's to skip (not to append): only it knows for how long the cut holds, and
    /// a cut that outlived its role would drop without a word what a source with a clock set back, or a stream selected later, sends.
    /// </summary>
    void TrimExact(DateTimeOffset cut);

    /// <summary>Brings everything that is in memory to the disk, for a stop in order. Disposal does so too, but only logs a failure.</summary>
    /// <exception cref="IOException">The disk cannot be written, or the buffer is not open: nobody is there who would write.</exception>
    Task FlushAsync(CancellationToken cancellation);
}
