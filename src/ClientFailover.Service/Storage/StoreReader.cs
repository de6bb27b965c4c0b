using System.Collections.Immutable;
using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>Responsible for turning rows into what they were written from.</summary>
internal static class StoreReader
{
    /// <summary>Every group that exists or has left a term behind.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="cancellation">Ends the reading.</param>
    /// <returns>The groups.</returns>
    public static List<StoredGroup> ReadGroups(SqliteConnection connection, CancellationToken cancellation)
    {
        var sessions = ReadSessions(connection, cancellation);
        var groups = new List<StoredGroup>();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT id, tenant, namespace, group_id, configured, configured_id, name, description, failover_timeout, additional_data,
                primary_id, pending_id, pending_reason, term, last_data_processed_time, primary_term
            FROM groups WHERE configured OR term > 0
            """;
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            var configuration = row.GetInt64(4) == 0
                ? null
                : new GroupConfiguration(row.GetString(5), Text(row, 6), Text(row, 7), TimeSpan.FromTicks(row.GetInt64(8)), Text(row, 9));
            groups.Add(new StoredGroup(new GroupKey(row.GetString(1), row.GetString(2), row.GetString(3)), new DurableGroup
            {
                Configuration = configuration,
                Sessions = sessions.TryGetValue(row.GetInt64(0), out var found) ? found.ToImmutable() : DurableGroup.Absent.Sessions,
                Primary = Text(row, 10),
                PendingPrimary = Text(row, 11),
                PendingReason = (Reason)row.GetInt32(12),
                Term = row.GetInt64(13),
                LastDataProcessedTime = Time(row, 14),
                PrimaryTerm = row.GetInt64(15),
            }));
        }

        return groups;
    }

    /// <summary>Every access control list that was set.</summary>
    /// <param name="connection">An open connection.</param>
    /// <returns>The lists.</returns>
    public static List<StoredAccessList> ReadAccessLists(SqliteConnection connection)
    {
        var lists = new List<StoredAccessList>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT tenant_key, namespace_key, group_key, entries FROM access_lists";
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            lists.Add(new StoredAccessList(new GroupKey(row.GetString(0), row.GetString(1), row.GetString(2)), AccessListText.Read(row.GetString(3))));
        }

        return lists;
    }

    /// <summary>How long nobody has heard from sessions.</summary>
    /// <param name="connection">An open connection.</param>
    /// <returns>Those of which something was stored.</returns>
    public static List<StoredSilence> ReadSilences(SqliteConnection connection)
    {
        var silences = new List<StoredSilence>();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT g.tenant, g.namespace, g.group_id, s.session_id, s.silence
            FROM sessions s JOIN groups g ON g.id = s.group_row WHERE s.silence > 0
            """;
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            silences.Add(new StoredSilence(
                new GroupKey(row.GetString(0), row.GetString(1), row.GetString(2)), row.GetString(3), TimeSpan.FromTicks(row.GetInt64(4))));
        }

        return silences;
    }

    /// <summary>A page of a group's history, newest first.</summary>
    /// <param name="connection">An open connection.</param>
    /// <param name="group">The group.</param>
    /// <param name="skip">How many entries to pass over.</param>
    /// <param name="count">How many to return at most.</param>
    /// <returns>The page.</returns>
    public static HistoryPage ReadHistory(SqliteConnection connection, GroupKey group, int skip, int count)
    {
        // One transaction, so that page and total are of the same moment.
        using var transaction = connection.BeginTransaction(deferred: true);
        using var bounds = connection.CreateCommand();
        bounds.Transaction = transaction;
        bounds.CommandText = """
            SELECT g.id, (SELECT min(number) FROM history WHERE group_row = g.id), (SELECT max(number) FROM history WHERE group_row = g.id)
            FROM groups g WHERE g.tenant_key = $tenant AND g.namespace_key = $namespace AND g.group_key = $group
            """;
        bounds.Parameters.AddWithValue("$tenant", group.Tenant.ToUpperInvariant());
        bounds.Parameters.AddWithValue("$namespace", group.Namespace.ToUpperInvariant());
        bounds.Parameters.AddWithValue("$group", group.Group.ToUpperInvariant());
        using var ends = bounds.ExecuteReader();
        if (!ends.Read() || ends.IsDBNull(1))
        {
            return new HistoryPage([], 0);
        }

        var (id, oldest, newest) = (ends.GetInt64(0), ends.GetInt64(1), ends.GetInt64(2));
        return new HistoryPage(ReadEntries(connection, transaction, id, newest - Math.Max(0, skip), count), (int)(newest - oldest + 1));
    }

    private static List<HistoryEntry> ReadEntries(SqliteConnection connection, SqliteTransaction transaction, long group, long newest, int count)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = """
            SELECT revision, term, time, session_id, old_role, new_role, reason, detection, takeover
            FROM history WHERE group_row = $group AND number <= $newest ORDER BY number DESC LIMIT $count
            """;
        command.Parameters.AddWithValue("$group", group);
        command.Parameters.AddWithValue("$newest", newest);
        command.Parameters.AddWithValue("$count", Math.Max(0, count));
        var entries = new List<HistoryEntry>();
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            entries.Add(new HistoryEntry(
                row.GetInt64(0),
                row.GetInt64(1),
                new DateTime(row.GetInt64(2), DateTimeKind.Utc),
                Text(row, 3),
                (Role?)Number(row, 4),
                (Role?)Number(row, 5),
                (Reason)row.GetInt32(6),
                Span(row, 7),
                Span(row, 8)));
        }

        return entries;
    }

    private static Dictionary<long, ImmutableDictionary<string, DurableSession>.Builder> ReadSessions(SqliteConnection connection, CancellationToken cancellation)
    {
        var groups = new Dictionary<long, ImmutableDictionary<string, DurableSession>.Builder>();
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT group_row, session_id, name, additional_data, registration_order, role_override, override_expires FROM sessions";
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            cancellation.ThrowIfCancellationRequested();
            if (!groups.TryGetValue(row.GetInt64(0), out var sessions))
            {
                groups.Add(row.GetInt64(0), sessions = DurableGroup.Absent.Sessions.ToBuilder());
            }

            var id = row.GetString(1);
            sessions[id] = new DurableSession(id, Text(row, 2), Text(row, 3), row.GetInt64(4), (RoleOverride)row.GetInt32(5), Time(row, 6));
        }

        return groups;
    }

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static int? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt32(column);

    private static TimeSpan? Span(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : TimeSpan.FromTicks(row.GetInt64(column));

    private static DateTime? Time(SqliteDataReader row, int column) =>
        row.IsDBNull(column) ? null : new DateTime(row.GetInt64(column), DateTimeKind.Utc);
}
