using ClientFailover.Service.Identity;
using ClientFailover.Service.Storage;

namespace ClientFailover.Service.Groups;

/// <summary>Lets tools follow the groups of a namespace.</summary>
internal interface IGroupWatch
{
    /// <summary>A snapshot, or the changes since a revision that is still remembered; then every change, until cancelled.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="namespace">The namespace.</param>
    /// <param name="group">Only this group, which need not exist; null: all.</param>
    /// <param name="after">Resume after this revision; null: start with a snapshot.</param>
    /// <param name="caller">Who watches: it is shown what it may read, at any time.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>The updates. A reader that is too slow gets a new snapshot, and never holds anybody up.</returns>
    IAsyncEnumerable<WatchUpdate> WatchAsync(string tenant, string @namespace, string? group, long? after, Caller caller, CancellationToken cancellation);
}

/// <summary>An update for a watcher. Which of the last three members it has, its kind says; there may be none.</summary>
/// <param name="Revision">The revision this brings the watcher to.</param>
/// <param name="Kind">What it is.</param>
/// <param name="State">With <see cref="WatchUpdateKind.State"/>: a part of the snapshot.</param>
/// <param name="GroupId">With <see cref="WatchUpdateKind.Change"/>: the group.</param>
/// <param name="Change">With <see cref="WatchUpdateKind.Change"/>: what happened.</param>
internal sealed record WatchUpdate(long Revision, WatchUpdateKind Kind, GroupView? State = null, string? GroupId = null, HistoryEntry? Change = null);

/// <summary>Kinds of update.</summary>
internal enum WatchUpdateKind
{
    /// <summary>The state of one group, as a part of a snapshot.</summary>
    State,

    /// <summary>The snapshot is complete.</summary>
    SnapshotComplete,

    /// <summary>Resumed without a snapshot.</summary>
    Resumed,

    /// <summary>Something happened in a group.</summary>
    Change,

    /// <summary>The watcher may not read what it watches (any more), or the namespace was removed. The last update.</summary>
    Denied,
}
