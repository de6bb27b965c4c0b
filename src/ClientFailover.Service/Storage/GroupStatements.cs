using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>
/// Responsible for the statements of <see cref="GroupWriter"/>, prepared once a connection. ?1 is the group's row,
/// where there is one.
/// </summary>
/// <param name="connection">The connection.</param>
internal sealed class GroupStatements(SqliteConnection connection) : IDisposable
{
    /// <summary>Adds a row for a group, unless there is one: three keys, then the three ids.</summary>
    public Statement AddGroup { get; } = new(connection, """
        INSERT INTO groups (tenant_key, namespace_key, group_key, tenant, namespace, group_id)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT DO NOTHING
        """);

    /// <summary>The row of a group and the number of its newest history entry, by its three keys.</summary>
    public Statement FindGroup { get; } = new(connection, """
        SELECT id, (SELECT coalesce(max(number), 0) FROM history WHERE group_row = id)
        FROM groups WHERE tenant_key = ?1 AND namespace_key = ?2 AND group_key = ?3
        """);

    /// <summary>Makes a group what it is when it was created: id, name, description, failover timeout, additional data; ?7 is the block of terms.</summary>
    public Statement Configure { get; } = new(connection, """
        UPDATE groups SET configured = 1, configured_id = ?2, name = ?3, description = ?4, failover_timeout = ?5, additional_data = ?6,
            primary_id = NULL, primary_key = NULL, pending_id = NULL, pending_key = NULL, pending_reason = 0,
            last_data_processed_time = NULL, term_reserved = max(term_reserved, term + ?7)
        WHERE id = ?1
        """);

    /// <summary>Leaves of a group only its term.</summary>
    public Statement Delete { get; } = new(connection, """
        UPDATE groups SET configured = 0, configured_id = NULL, name = NULL, description = NULL, failover_timeout = NULL, additional_data = NULL,
            primary_id = NULL, primary_key = NULL, pending_id = NULL, pending_key = NULL, pending_reason = 0, last_data_processed_time = NULL
        WHERE id = ?1
        """);

    /// <summary>Removes a group's sessions.</summary>
    public Statement DeleteSessions { get; } = new(connection, "DELETE FROM sessions WHERE group_row = ?1");

    /// <summary>Adds a session, or begins it anew: key, id, name, additional data, order.</summary>
    public Statement Register { get; } = new(connection, """
        INSERT OR REPLACE INTO sessions
            (group_row, session_key, session_id, name, additional_data, registration_order, role_override, override_expires)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, NULL)
        """);

    /// <summary>Names a session: key, name.</summary>
    public Statement NameSession { get; } = new(connection, "UPDATE sessions SET name = ?3 WHERE group_row = ?1 AND session_key = ?2");

    /// <summary>Removes a session: key.</summary>
    public Statement Unregister { get; } = new(connection, "DELETE FROM sessions WHERE group_row = ?1 AND session_key = ?2");

    /// <summary>Orders a session's role: key, order, end.</summary>
    public Statement Override { get; } = new(connection,
        "UPDATE sessions SET role_override = ?3, override_expires = ?4 WHERE group_row = ?1 AND session_key = ?2");

    /// <summary>Says how long nobody has heard from a session: key, ticks.</summary>
    public Statement SetSilence { get; } = new(connection, "UPDATE sessions SET silence = ?3 WHERE group_row = ?1 AND session_key = ?2");

    /// <summary>Raises the term and the reserve beyond it: term, block, LastDataProcessedTime or null to keep it.</summary>
    public Statement RaiseTerm { get; } = new(connection, """
        UPDATE groups SET term = max(term, ?2), term_reserved = max(term_reserved, ?2 + ?3),
            last_data_processed_time = coalesce(?4, last_data_processed_time)
        WHERE id = ?1
        """);

    /// <summary>Sets the Primary: as <see cref="RaiseTerm"/>, then key, id.</summary>
    public Statement SetPrimary { get; } = new(connection, """
        UPDATE groups SET term = max(term, ?2), term_reserved = max(term_reserved, ?2 + ?3),
            last_data_processed_time = coalesce(?4, last_data_processed_time),
            primary_key = ?5, primary_id = ?6, primary_term = ?2,
            pending_id = CASE WHEN pending_key = ?5 THEN NULL ELSE pending_id END,
            pending_key = CASE WHEN pending_key = ?5 THEN NULL ELSE pending_key END,
            pending_reason = CASE WHEN pending_key = ?5 THEN 0 ELSE pending_reason END
        WHERE id = ?1
        """);

    /// <summary>Sets the PendingPrimary: as <see cref="RaiseTerm"/>, then key, id, reason.</summary>
    public Statement SetPending { get; } = new(connection, """
        UPDATE groups SET term = max(term, ?2), term_reserved = max(term_reserved, ?2 + ?3),
            last_data_processed_time = coalesce(?4, last_data_processed_time),
            pending_key = ?5, pending_id = ?6, pending_reason = ?7
        WHERE id = ?1
        """);

    /// <summary>Takes a session's role: as <see cref="RaiseTerm"/>, then key.</summary>
    public Statement SetSecondary { get; } = new(connection, """
        UPDATE groups SET term = max(term, ?2), term_reserved = max(term_reserved, ?2 + ?3),
            last_data_processed_time = coalesce(?4, last_data_processed_time),
            primary_id = CASE WHEN primary_key = ?5 THEN NULL ELSE primary_id END,
            primary_key = CASE WHEN primary_key = ?5 THEN NULL ELSE primary_key END,
            pending_id = CASE WHEN pending_key = ?5 THEN NULL ELSE pending_id END,
            pending_key = CASE WHEN pending_key = ?5 THEN NULL ELSE pending_key END,
            pending_reason = CASE WHEN pending_key = ?5 THEN 0 ELSE pending_reason END
        WHERE id = ?1
        """);

    /// <summary>Sets LastDataProcessedTime.</summary>
    public Statement SaveTime { get; } = new(connection, "UPDATE groups SET last_data_processed_time = ?2 WHERE id = ?1");

    /// <summary>Adds a history entry: the columns in the order of the table.</summary>
    public Statement AddHistory { get; } = new(connection,
        "INSERT INTO history VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)");

    /// <summary>Removes the history entries up to a number.</summary>
    public Statement TrimHistory { get; } = new(connection, "DELETE FROM history WHERE group_row = ?1 AND number <= ?2");

    /// <summary>Saves the last revision and the end of the reserve.</summary>
    public Statement SaveRevision { get; } = new(connection, "UPDATE meta SET revision = ?1, revision_reserved = ?2");

    /// <summary>Saves whether everything is written and the service has stopped.</summary>
    public Statement MarkStop { get; } = new(connection, "UPDATE meta SET clean_stop = ?1");

    /// <summary>Takes some room.</summary>
    public Statement FillProbe { get; } = new(connection, "INSERT OR REPLACE INTO probe VALUES (1, zeroblob(262144))");

    /// <summary>Gives it back.</summary>
    public Statement EmptyProbe { get; } = new(connection, "DELETE FROM probe");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in new[]
        {
            AddGroup, FindGroup, Configure, Delete, DeleteSessions, Register, NameSession, Unregister, Override, SetSilence, RaiseTerm, SetPrimary,
            SetPending, SetSecondary, SaveTime, AddHistory, TrimHistory, SaveRevision, MarkStop, FillProbe, EmptyProbe,
        })
        {
            statement.Dispose();
        }
    }
}
