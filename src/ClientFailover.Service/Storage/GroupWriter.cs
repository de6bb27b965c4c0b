using ClientFailover.Engine;
using ClientFailover.Service.Groups;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for what an event changes in the tables: exactly what <see cref="DurableGroup.Apply"/> changes in
/// memory. Used by one thread, inside its transactions.
/// </summary>
internal sealed class GroupWriter : IDisposable
{
    /// <summary>How many terms of a group, after the last written one, may be announced before they are written.</summary>
    public const long TermBlock = 1000;

    /// <summary>How many revisions, after the last written one, may be told before they are written.</summary>
    public const long RevisionBlock = 100_000;

    private readonly SqliteConnection _connection;
    private readonly GroupRows _rows = new();
    private readonly GroupStatements _sql;
    private readonly int _historyPerGroup;

    /// <summary>Takes over a connection.</summary>
    /// <param name="connection">An open connection to a prepared database.</param>
    /// <param name="historyPerGroup">How many entries of history are kept a group.</param>
    public GroupWriter(SqliteConnection connection, int historyPerGroup)
    {
        _connection = connection;
        _historyPerGroup = historyPerGroup;
        _sql = new GroupStatements(connection);
    }

    /// <summary>Begins a transaction.</summary>
    public void Begin() => Execute("BEGIN IMMEDIATE");

    /// <summary>Trims what has grown, and makes the transaction durable.</summary>
    /// <param name="revision">The last revision in it.</param>
    public void Commit(long revision)
    {
        foreach (var row in _rows.Changed)
        {
            if (row.LastEntry > _historyPerGroup)
            {
                _sql.TrimHistory.Run(row.Id, row.LastEntry - _historyPerGroup);
            }
        }

        _sql.SaveRevision.Run(revision, revision + RevisionBlock);
        Execute("COMMIT");
        _rows.Keep();
    }

    /// <summary>Ends a transaction that failed; none, when SQLite has ended it already.</summary>
    public void Rollback()
    {
        _rows.Forget();
        if (raw.sqlite3_get_autocommit(_connection.Handle) == 0)
        {
            Execute("ROLLBACK");
        }
    }

    /// <summary>Writes what an event changes.</summary>
    /// <param name="key">The group.</param>
    /// <param name="change">The event.</param>
    public void Apply(GroupKey key, GroupEvent change)
    {
        var row = Row(key);
        switch (change)
        {
            case GroupCreated e:
                _sql.DeleteSessions.Run(row.Id);
                var c = e.Configuration;
                _sql.Configure.Run(row.Id, c.Id, c.Name, c.Description, c.FailoverTimeout.Ticks, c.AdditionalData, TermBlock);
                break;
            case GroupDeleted:
                _sql.DeleteSessions.Run(row.Id);
                _sql.TrimHistory.Run(row.Id, row.LastEntry);
                _sql.Delete.Run(row.Id);
                break;
            case SessionRegistered e:
                _sql.Register.Run(row.Id, Upper(e.SessionId), e.SessionId, e.Name, e.AdditionalData, e.Order);
                break;
            case SessionNamed e:
                _sql.NameSession.Run(row.Id, Upper(e.SessionId), e.Name);
                break;
            case SessionUnregistered e:
                _sql.Unregister.Run(row.Id, Upper(e.SessionId));
                _sql.ClearRole.Run(row.Id, Upper(e.SessionId));
                break;
            case RoleOverrideChanged e:
                _sql.Override.Run(row.Id, Upper(e.SessionId), (long)e.Value, e.Expires?.Ticks);
                break;
            case RoleChanged e:
                ApplyRole(row.Id, e);
                break;
            case LastDataProcessedTimeRecorded e:
                _sql.SaveTime.Run(row.Id, e.Value.Ticks);
                break;
            case SessionLost or SessionReturned:
                break;
            default:
                throw new ArgumentException($"Unknown event {change.GetType().Name}.", nameof(change));
        }
    }

    /// <summary>Raises a group's term, if it is lower.</summary>
    /// <param name="key">The group.</param>
    /// <param name="term">The term.</param>
    public void RaiseTerm(GroupKey key, long term) => _sql.RaiseTerm.Run(Row(key).Id, term, TermBlock, null);

    /// <summary>Writes an entry of a group's history.</summary>
    /// <param name="key">The group.</param>
    /// <param name="entry">The entry.</param>
    public void AddHistory(GroupKey key, HistoryEntry entry)
    {
        if (entry.Reason == Reason.GroupDeleted)
        {
            return;
        }

        var row = Row(key);
        row = row with { LastEntry = row.LastEntry + 1 };
        _sql.AddHistory.Run(
            row.Id,
            row.LastEntry,
            entry.Revision,
            entry.Term,
            entry.Time.Ticks,
            entry.SessionId,
            (long?)entry.OldRole,
            (long?)entry.NewRole,
            (long)entry.Reason,
            entry.Detection?.Ticks,
            entry.Takeover?.Ticks);
        _rows.Set(key, row);
    }

    /// <summary>Says whether the service has stopped with everything written.</summary>
    /// <param name="clean">True: it has.</param>
    public void MarkStop(bool clean) => _sql.MarkStop.Run(clean ? 1L : 0L);

    /// <summary>Finds out, by writing it, whether there is room for more than the next few writes.</summary>
    public void Probe()
    {
        Execute("BEGIN IMMEDIATE");
        _sql.FillProbe.Run();
        Execute("COMMIT");
        _sql.EmptyProbe.Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _sql.Dispose();
        _connection.Dispose();
    }

    private static string Upper(string id) => id.ToUpperInvariant();

    private void ApplyRole(long row, RoleChanged e)
    {
        _sql.RaiseTerm.Run(row, e.Term, TermBlock, e.LastDataProcessedTime?.Ticks);
        switch (e.NewRole)
        {
            case Role.Primary:
                _sql.SetPrimary.Run(row, Upper(e.SessionId), e.SessionId);
                break;
            case Role.PendingPrimary:
                _sql.SetPending.Run(row, Upper(e.SessionId), e.SessionId, (long)e.Reason);
                break;
            default:
                _sql.ClearRole.Run(row, Upper(e.SessionId));
                break;
        }
    }

    private GroupRow Row(GroupKey key)
    {
        if (_rows.TryGet(key, out var row))
        {
            return row;
        }

        var (tenant, @namespace, group) = (Upper(key.Tenant), Upper(key.Namespace), Upper(key.Group));
        _sql.AddGroup.Run(tenant, @namespace, group, key.Tenant, key.Namespace, key.Group);
        row = _sql.FindGroup.Read(r => new GroupRow(r.GetInt64(0), r.GetInt64(1)), tenant, @namespace, group);
        _rows.Set(key, row);
        return row;
    }

    // Not by a SqliteTransaction: that waits for a lock by its own clock, in steps of 150 ms, and not by busy_timeout.
    private void Execute(string sql) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(_connection.Handle, sql), _connection.Handle);
}
