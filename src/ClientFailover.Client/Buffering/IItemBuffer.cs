namespace ClientFailover.Client.Buffering;

/// <summary>
/// The one queue of an adapter: everything collected that is not known to have reached the destination, in the order of
/// collection. Safe for use by any thread.
/// </summary>
internal interface IItemBuffer : IAsyncDisposable
{
    /// <summary>How many items it holds, in memory and on disk.</summary>
    long Count { get; }

    /// <summary>
    /// The earliest time of an item that it holds, in the time base of LastDataProcessedTime (source time if the adapter reports
    /// timestamps of its sources, else time of receipt); null: it is empty.
    /// </summary>
    DateTimeOffset? Earliest { get; }

    /// <summary>Items that a limit forced it to drop, since the process started.</summary>
    long Dropped { get; }

    /// <summary>Takes what was left on disk by an earlier run. Once, before anything else.</summary>
    Task OpenAsync(CancellationToken cancellation);

    /// <summary>Adds an item at the end. Never waits for the disk.</summary>
    void Append(in DataItem item);

    /// <summary>
    /// The oldest items, which stay until <see cref="Complete"/>. One batch at a time. Of items that are on disk and in memory the
    /// order is kept.
    /// </summary>
    /// <param name="maxItems">Most items.</param>
    /// <param name="maxBytes">Most bytes of payload, but at least one item.</param>
    /// <param name="upTo">Only items whose time (as in <see cref="Earliest"/>) is not later; null: all.</param>
    /// <param name="cancellation">Ends the wait for the disk.</param>
    /// <returns>The batch; empty when there is nothing (more) to read.</returns>
    ValueTask<IReadOnlyList<DataItem>> ReadAsync(int maxItems, int maxBytes, DateTimeOffset? upTo, CancellationToken cancellation);

    /// <summary>The batch that was read has reached the destination (or is dropped on purpose): it is removed.</summary>
    void Complete();

    /// <summary>Completes when something is appended after the call, or at once when something was since the last <see cref="ReadAsync"/>.</summary>
    Task WaitForItemsAsync(CancellationToken cancellation);

    /// <summary>A Secondary learnt what is safe: items whose source time and time of receipt are both not later than the bound are dropped.</summary>
    void Trim(DateTimeOffset bound);

    /// <summary>An exact handover: items whose source time is not later than the cut were egressed by the other, and are dropped.</summary>
    void TrimExact(DateTimeOffset cut);

    /// <summary>Brings everything that is in memory to the disk, for a stop in order.</summary>
    Task FlushAsync(CancellationToken cancellation);
}
