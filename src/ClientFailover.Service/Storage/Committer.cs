using System.Diagnostics;
using ClientFailover.Service.Telemetry;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for what becomes of writes: makes them durable together, or, when the database cannot be written,
/// refuses those that must be durable and keeps the others. Used by one thread.
/// </summary>
/// <remarks>
/// Not guaranteed: when the disk fails (not: is full) in the very moment of a commit, a write that was refused can
/// be there after a kill, because its bytes can have reached the log.
/// </remarks>
/// <param name="file">The database.</param>
/// <param name="options">Settings.</param>
/// <param name="time">The clock of how long the disk takes to answer.</param>
/// <param name="log">The log.</param>
/// <param name="meter">Measures and counts; null: nobody does.</param>
internal sealed partial class Committer(DatabaseFile file, StoreOptions options, TimeProvider time, ILogger log, StoreMeter? meter = null) : IDisposable
{
    private readonly DeferredGroups _deferred = new(options.DeferredHistory);
    private readonly RevisionCounter _revisions = new();
    private readonly CommitWatch _watch = new(time);
    private GroupWriter? _writer;
    private int _lateGroups;
    private long _lostEntries;
    private volatile StoreHealth _health = new(false, "the database is not open yet");

    /// <summary>Whether the database can be written. Safe to read by any thread.</summary>
    public StoreHealth Health => _health is var known && known.Writable && _watch.Finding is { } hanging ? hanging : known;

    /// <summary>The revision of the newest completed write. Safe to read by any thread.</summary>
    public long Revision => _revisions.Current;

    /// <summary>Takes over an open database.</summary>
    /// <param name="writer">The writer.</param>
    /// <param name="revision">The last revision that may have been told.</param>
    public void Start(GroupWriter writer, long revision)
    {
        _writer = writer;
        _revisions.Start(revision);
        _health = StoreHealth.Good;
    }

    /// <summary>Completes writes, each in the order they were taken.</summary>
    /// <param name="writes">The writes.</param>
    public void Process(IReadOnlyList<StoreWrite> writes)
    {
        if (!_health.Writable)
        {
            Defer(writes);
            return;
        }

        var error = TryCommit(writes);
        if (error is null)
        {
            if (_health.Reason is not null && writes.Any(w => w.MustBeDurable))
            {
                AllowChanges();
            }

            Complete(writes, refuse: false);
            return;
        }

        // A change that finds no room must not hold up the roles, which need next to none.
        var roles = writes.Where(w => !w.MustBeDurable).ToList();
        if (roles.Count > 0 && roles.Count < writes.Count && TryCommit(roles) is null)
        {
            var reason = StoreFailure.Describe(error);
            if (_health.Reason is null)
            {
                LogChangesRefused(reason, error);
            }

            _health = new StoreHealth(true, reason);
            Complete(writes, refuse: true);
            return;
        }

        _health = new StoreHealth(false, StoreFailure.Describe(error));
        LogUnwritable(_health.Reason!, error);
        Defer(writes);
    }

    /// <summary>Tries whether the database can be written again, changes included, and if so writes what was deferred.</summary>
    public void Retry()
    {
        if (_health.Writable)
        {
            RetryChanges();
            return;
        }

        try
        {
            using var asked = _watch.Ask();

            // Anew, because a handle that has met an error on a lost or remounted disk can keep failing. The old one is
            // closed after that: with the last connection SQLite gives up its shared memory file, and on a full disk
            // it could not make it again, not even to read.
            var writer = new GroupWriter(file.OpenWriter(), options.HistoryPerGroup);
            Dispose();
            _writer = writer;
            WriteDeferred(_writer);
            _writer.Probe();
        }
        catch (Exception e)
        {
            Rollback();
            meter?.Failed();
            _health = new StoreHealth(false, StoreFailure.Describe(e));
            return;
        }

        LogWritable(_lateGroups, _lostEntries);
        (_lateGroups, _lostEntries) = (0, 0);
        _health = StoreHealth.Good;
    }

    /// <summary>Closes the database, marked as cleanly stopped if all is written.</summary>
    public void Stop()
    {
        Retry();
        try
        {
            if (_health.Writable)
            {
                _writer!.MarkStop(clean: true);
            }
            else
            {
                LogLost(_deferred.Groups, _health.Reason!);
            }
        }
        catch (Exception e)
        {
            LogNotMarked(StoreFailure.Describe(e), e);
        }

        Dispose();
        _health = new StoreHealth(false, "the store is closed");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _writer?.Dispose();
        _writer = null;
    }

    private void RetryChanges()
    {
        if (_health.Reason is null)
        {
            return;
        }

        try
        {
            using var asked = _watch.Ask();
            _writer!.Probe();
            AllowChanges();
        }
        catch (Exception)
        {
            // As before: it is in the log, and health tells it.
            Rollback();
            meter?.Failed();
        }
    }

    private void AllowChanges()
    {
        LogChangesTaken();
        _health = StoreHealth.Good;
    }

    private Exception? TryCommit(IReadOnlyList<StoreWrite> writes)
    {
        try
        {
            using var asked = _watch.Ask();
            var started = Stopwatch.GetTimestamp();
            var revision = _revisions.Current;
            _writer!.Begin();
            foreach (var write in writes)
            {
                _writer.Write(write, revision + 1);
                revision += write.Events.Count;
            }

            _writer.Commit(revision);
            _revisions.Saved(revision);
            meter?.Committed(writes, started);
            return null;
        }
        catch (Exception e)
        {
            Rollback();
            meter?.Failed();
            return e;
        }
    }

    private void WriteDeferred(GroupWriter writer)
    {
        if (_deferred.IsEmpty)
        {
            return;
        }

        writer.Begin();
        _deferred.Write(writer);
        writer.Commit(_revisions.Current);
        _revisions.Saved(_revisions.Current);
        _lateGroups += _deferred.Groups;
        _lostEntries += _deferred.Dropped;
        _deferred.Clear();
    }

    private void Rollback()
    {
        try
        {
            _writer?.Rollback();
        }
        catch (Exception e)
        {
            // The failure that led here is the one to tell; the next try opens the database anew.
            LogRollbackFailed(e);
        }
    }
}
