using ClientFailover.Service.Groups;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>Responsible for the lists of access control in the database. Used by one thread, inside its transactions.</summary>
/// <param name="connection">An open connection.</param>
internal sealed class AccessListStatements(SqliteConnection connection) : IDisposable
{
    // Of a group that does not exist (any more) none is kept: the group that is created next has the collection's. Nor of a
    // namespace that does not: the next one of that id has the default.
    private readonly Statement _set = new(
        connection,
        """
        INSERT INTO access_lists (tenant_key, namespace_key, group_key, entries)
        SELECT ?1, ?2, ?3, ?4
        WHERE CASE ?3
            WHEN '' THEN EXISTS (SELECT 1 FROM namespaces WHERE tenant_key = ?1 AND namespace_key = ?2)
            ELSE EXISTS (SELECT 1 FROM groups WHERE tenant_key = ?1 AND namespace_key = ?2 AND group_key = ?3 AND configured)
        END
        ON CONFLICT DO UPDATE SET entries = excluded.entries
        """);

    private readonly Statement _inherit = new(
        connection,
        """
        INSERT OR REPLACE INTO access_lists (tenant_key, namespace_key, group_key, entries)
        SELECT ?1, ?2, ?3, entries FROM access_lists WHERE tenant_key = ?1 AND namespace_key = ?2 AND group_key = ''
        """);

    private readonly Statement _delete = new(
        connection, "DELETE FROM access_lists WHERE tenant_key = ?1 AND namespace_key = ?2 AND group_key = ?3");

    /// <summary>Sets the list of a group that exists, or of the collection of a namespace that does.</summary>
    /// <param name="key">Whose it is.</param>
    /// <param name="entries">The entries.</param>
    public void Set(GroupKey key, string entries) => Of(_set, key).Bind(4, entries).Run();

    /// <summary>Gives a new group the list of its collection.</summary>
    /// <param name="key">The group.</param>
    public void Inherit(GroupKey key) => Of(_inherit, key).Run();

    /// <summary>Deletes the list of a group.</summary>
    /// <param name="key">The group.</param>
    public void Delete(GroupKey key) => Of(_delete, key).Run();

    /// <inheritdoc/>
    public void Dispose()
    {
        _set.Dispose();
        _inherit.Dispose();
        _delete.Dispose();
    }

    private static Statement Of(Statement statement, GroupKey key) => statement
        .Bind(1, key.Tenant.ToUpperInvariant())
        .Bind(2, key.Namespace.ToUpperInvariant())
        .Bind(3, key.Group.ToUpperInvariant());
}
