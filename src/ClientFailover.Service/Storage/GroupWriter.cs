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
        (_connection, _historyPerGroup) = (connection, historyPerGroup);
        try
        {
            _sql = new GroupStatements(connection);
            AccessLists = new AccessListStatements(connection);
            Tenants = new TenantStatements(connection);
            Configuration = new ConfigurationStatements(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Access control lists.</summary>
    public AccessListStatements AccessLists { get; }

    /// <summary>Tenants and namespaces.</summary>
    public TenantStatements Tenants { get; }

    /// <summary>What administrators have set.</summary>
    public ConfigurationStatements Configuration { get; }

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
                _sql.TrimHistory.Bind(1, row.Id).Bind(2, row.LastEntry - _historyPerGroup).Run();
            }
        }

        _sql.SaveRevision.Bind(1, revision).Bind(2, revision + RevisionBlock).Run();
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

    /// <summary>Writes what the events of a write change, and their history.</summary>
    /// <param name="write">The write.</param>
    /// <param name="firstRevision">Its first revision.</param>
    public void Write(StoreWrite write, long firstRevision)
    {
        for (var i = 0; i < write.Events.Count; i++)
        {
            Apply(write.Group, write.Events[i]);
            if (HistoryMapping.Map(write.Events[i], firstRevision + i, write.Term) is { } entry)
            {
                AddHistory(write.Group, entry);
            }
        }

        write.WriteTo(this);
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
                // What was decided while the deletion of a former group was on its way is not this one's history.
                _sql.TrimHistory.Bind(1, row.Id).Bind(2, row.LastEntry).Run();
                Configure(row, e.Configuration);
                AccessLists.Inherit(key);
                break;
            case GroupDeleted:
                _sql.DeleteSessions.Bind(1, row.Id).Run();
                _sql.TrimHistory.Bind(1, row.Id).Bind(2, row.LastEntry).Run();
                _sql.Delete.Bind(1, row.Id).Run();
                AccessLists.Delete(key);
                break;
            case SessionRegistered e:
                _sql.Register.Bind(1, row.Id).Bind(2, Upper(e.SessionId)).Bind(3, e.SessionId).Bind(4, e.Name).Bind(5, e.AdditionalData).Bind(6, e.Order).Run();
                WithTerm(_sql.SetSecondary, row, 0, null).Bind(5, Upper(e.SessionId)).Run();
                break;
            case SessionNamed e:
                _sql.NameSession.Bind(1, row.Id).Bind(2, Upper(e.SessionId)).Bind(3, e.Name).Run();
                break;
            case SessionUnregistered e:
                _sql.Unregister.Bind(1, row.Id).Bind(2, Upper(e.SessionId)).Run();
                WithTerm(_sql.SetSecondary, row, 0, null).Bind(5, Upper(e.SessionId)).Run();
                break;
            case RoleOverrideChanged e:
                _sql.Override.Bind(1, row.Id).Bind(2, Upper(e.SessionId)).Bind(3, (long)e.Value).Bind(4, e.Expires?.Ticks).Run();
                break;
            case RoleChanged e:
                ApplyRole(row, e);
                break;
            case LastDataProcessedTimeRecorded e:
                _sql.SaveTime.Bind(1, row.Id).Bind(2, e.Value.Ticks).Run();
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
    public void RaiseTerm(GroupKey key, long term) => WithTerm(_sql.RaiseTerm, Row(key), term, null).Run();

    /// <summary>Writes how long nobody has heard from a session. Does nothing when it is gone.</summary>
    /// <param name="key">The group.</param>
    /// <param name="sessionId">The session.</param>
    /// <param name="silence">How long.</param>
    public void SetSilence(GroupKey key, string sessionId, TimeSpan silence) =>
        _sql.SetSilence.Bind(1, Row(key).Id).Bind(2, Upper(sessionId)).Bind(3, silence.Ticks).Run();

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
        _sql.AddHistory
            .Bind(1, row.Id)
            .Bind(2, row.LastEntry)
            .Bind(3, entry.Revision)
            .Bind(4, entry.Term)
            .Bind(5, entry.Time.Ticks)
            .Bind(6, entry.SessionId)
            .Bind(7, (long?)entry.OldRole)
            .Bind(8, (long?)entry.NewRole)
            .Bind(9, (long)entry.Reason)
            .Bind(10, entry.Detection?.Ticks)
            .Bind(11, entry.Takeover?.Ticks)
            .Run();
        _rows.Set(key, row);
    }

    /// <summary>Says whether the service has stopped with everything written.</summary>
    /// <param name="clean">True: it has.</param>
    public void MarkStop(bool clean) => _sql.MarkStop.Bind(1, clean ? 1 : 0).Run();

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
        AccessLists.Dispose();
        Tenants.Dispose();
        Configuration.Dispose();
        _connection.Dispose();
    }

    private static string Upper(string id) => id.ToUpperInvariant();

    private static Statement WithTerm(Statement statement, GroupRow row, long term, DateTime? lastDataProcessedTime) =>
        statement.Bind(1, row.Id).Bind(2, term).Bind(3, TermBlock).Bind(4, lastDataProcessedTime?.Ticks);

    private void Configure(GroupRow row, GroupConfiguration configuration)
    {
        _sql.DeleteSessions.Bind(1, row.Id).Run();
        _sql.Configure
            .Bind(1, row.Id).Bind(2, configuration.Id)
            .Bind(3, configuration.Name)
            .Bind(4, configuration.Description)
            .Bind(5, configuration.FailoverTimeout.Ticks)
            .Bind(6, configuration.AdditionalData)
            .Bind(7, TermBlock)
            .Run();
    }

    private void ApplyRole(GroupRow row, RoleChanged e)
    {
        var key = Upper(e.SessionId);
        switch (e.NewRole)
        {
            case Role.Primary:
                WithTerm(_sql.SetPrimary, row, e.Term, e.LastDataProcessedTime).Bind(5, key).Bind(6, e.SessionId).Run();
                break;
            case Role.PendingPrimary:
                WithTerm(_sql.SetPending, row, e.Term, e.LastDataProcessedTime).Bind(5, key).Bind(6, e.SessionId).Bind(7, (long)e.Reason).Run();
                break;
            default:
                WithTerm(_sql.SetSecondary, row, e.Term, e.LastDataProcessedTime).Bind(5, key).Run();
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
        _sql.AddGroup.Bind(1, tenant).Bind(2, @namespace).Bind(3, group).Bind(4, key.Tenant).Bind(5, key.Namespace).Bind(6, key.Group).Run();
        var (id, lastEntry) = _sql.FindGroup.Bind(1, tenant).Bind(2, @namespace).Bind(3, group).ReadPair();
        _rows.Set(key, row = new GroupRow(id, lastEntry));
        return row;
    }

    // Not by a SqliteTransaction: that waits for a lock by a clock of its own, after busy_timeout has passed.
    private void Execute(string sql) => SqliteException.ThrowExceptionForRC(raw.sqlite3_exec(_connection.Handle, sql), _connection.Handle);
}
