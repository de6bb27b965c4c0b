using ClientFailover.Service.Tenants;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>Responsible for tenants and namespaces in the database. Used by one thread, inside its transactions.</summary>
/// <param name="connection">An open connection.</param>
internal sealed class TenantStatements(SqliteConnection connection) : IDisposable
{
    private readonly Statement _addTenant = new(
        connection, "INSERT INTO tenants (tenant_key, tenant, name, description) VALUES (?1, ?2, ?3, ?4)");

    private readonly Statement _addNamespace = new(
        connection,
        """
        INSERT INTO namespaces (tenant_key, namespace_key, namespace, name, description, maximum_groups, maximum_sessions, requests_per_second)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
        """);

    private readonly Statement _setNamespace = new(
        connection,
        """
        UPDATE namespaces SET name = ?3, description = ?4, maximum_groups = ?5, maximum_sessions = ?6, requests_per_second = ?7
        WHERE tenant_key = ?1 AND namespace_key = ?2
        """);

    private readonly Statement _deleteLists = new(
        connection, "DELETE FROM access_lists WHERE tenant_key = ?1 AND (?2 IS NULL OR namespace_key = ?2)");

    private readonly Statement _deleteNamespaces = new(
        connection, "DELETE FROM namespaces WHERE tenant_key = ?1 AND (?2 IS NULL OR namespace_key = ?2)");

    private readonly Statement _deleteTenant = new(connection, "DELETE FROM tenants WHERE tenant_key = ?1");

    private readonly Statement _countGroups = new(
        connection, "SELECT count(*), 0 FROM groups WHERE tenant_key = ?1 AND (?2 IS NULL OR namespace_key = ?2) AND configured");

    /// <summary>Every tenant and namespace.</summary>
    /// <param name="connection">An open connection.</param>
    /// <returns>All of them, the default ones among them.</returns>
    public static StoredTenants Read(SqliteConnection connection)
    {
        // One transaction, so that every namespace has its tenant.
        using var transaction = connection.BeginTransaction(deferred: true);
        return new StoredTenants(
            Read(connection, transaction, "SELECT tenant, name, description FROM tenants", row => new TenantRecord(row.GetString(0), Text(row, 1), Text(row, 2))),
            Read(
                connection,
                transaction,
                """
                SELECT t.tenant, n.namespace, n.name, n.description, n.maximum_groups, n.maximum_sessions, n.requests_per_second
                FROM namespaces n JOIN tenants t USING (tenant_key)
                """,
                row => new NamespaceRecord(
                    row.GetString(0),
                    row.GetString(1),
                    Text(row, 2),
                    Text(row, 3),
                    new NamespaceLimits(Number(row, 4), Number(row, 5), Number(row, 6)))));
    }

    /// <summary>Whether there is any group.</summary>
    /// <param name="tenant">The tenant's id.</param>
    /// <param name="namespace">The namespace's id; null: of the whole tenant.</param>
    /// <returns>Whether there is.</returns>
    public bool HasGroups(string tenant, string? @namespace) =>
        _countGroups.Bind(1, Upper(tenant)).Bind(2, @namespace is null ? null : Upper(@namespace)).ReadPair().First > 0;

    /// <summary>Adds a tenant.</summary>
    /// <param name="tenant">The tenant, which does not exist.</param>
    public void AddTenant(TenantRecord tenant) =>
        _addTenant.Bind(1, Upper(tenant.Id)).Bind(2, tenant.Id).Bind(3, tenant.Name).Bind(4, tenant.Description).Run();

    /// <summary>Adds a namespace.</summary>
    /// <param name="record">The namespace, which does not exist, of a tenant which does.</param>
    public void AddNamespace(NamespaceRecord record) => _addNamespace
        .Bind(1, Upper(record.TenantId))
        .Bind(2, Upper(record.Id))
        .Bind(3, record.Id)
        .Bind(4, record.Name)
        .Bind(5, record.Description)
        .Bind(6, record.Limits.MaximumGroups)
        .Bind(7, record.Limits.MaximumSessions)
        .Bind(8, record.Limits.RequestsPerSecond)
        .Run();

    /// <summary>Replaces the members of a namespace.</summary>
    /// <param name="record">The namespace.</param>
    public void SetNamespace(NamespaceRecord record) => _setNamespace
        .Bind(1, Upper(record.TenantId))
        .Bind(2, Upper(record.Id))
        .Bind(3, record.Name)
        .Bind(4, record.Description)
        .Bind(5, record.Limits.MaximumGroups)
        .Bind(6, record.Limits.MaximumSessions)
        .Bind(7, record.Limits.RequestsPerSecond)
        .Run();

    /// <summary>Deletes a namespace.</summary>
    /// <param name="tenant">Its tenant's id.</param>
    /// <param name="namespace">Its id.</param>
    public void DeleteNamespace(string tenant, string @namespace)
    {
        _deleteLists.Bind(1, Upper(tenant)).Bind(2, Upper(@namespace)).Run();
        _deleteNamespaces.Bind(1, Upper(tenant)).Bind(2, Upper(@namespace)).Run();
    }

    /// <summary>Deletes a tenant with its namespaces.</summary>
    /// <param name="tenant">Its id.</param>
    public void DeleteTenant(string tenant)
    {
        _deleteLists.Bind(1, Upper(tenant)).Bind(2, (string?)null).Run();
        _deleteNamespaces.Bind(1, Upper(tenant)).Bind(2, (string?)null).Run();
        _deleteTenant.Bind(1, Upper(tenant)).Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var statement in new[] { _addTenant, _addNamespace, _setNamespace, _deleteLists, _deleteNamespaces, _deleteTenant, _countGroups })
        {
            statement.Dispose();
        }
    }

    private static string Upper(string id) => id.ToUpperInvariant();

    private static string? Text(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);

    private static long? Number(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetInt64(column);

    private static List<T> Read<T>(SqliteConnection connection, SqliteTransaction transaction, string sql, Func<SqliteDataReader, T> map)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // The texts are constants of this class.
        command.CommandText = sql;
#pragma warning restore CA2100
        var found = new List<T>();
        using var row = command.ExecuteReader();
        while (row.Read())
        {
            found.Add(map(row));
        }

        return found;
    }
}
