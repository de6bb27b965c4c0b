using System.Globalization;
using ClientFailover.Service.Hosting;
using ClientFailover.Service.Storage;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Tenants;

/// <content>What it does in the database.</content>
internal static partial class TenantsCommand
{
    private static SqliteConnection Open(ServiceOptions options)
    {
        var file = FileOf(options);
        file.Prepare();
        return file.OpenWriter();
    }

    /// <summary>The database, or what a new one would have: looking at it neither makes nor changes one.</summary>
    private static SqliteConnection OpenToRead(ServiceOptions? options)
    {
        if (options is not null && FileOf(options) is var file && File.Exists(file.Path))
        {
            return file.OpenUnchanged();
        }

        var connection = new SqliteConnection("Data Source=:memory:");
        connection.Open();
        SchemaMigrations.Apply(connection, SchemaMigrations.All);
        return connection;
    }

    private static DatabaseFile FileOf(ServiceOptions options)
    {
        var store = new StoreOptions();
        options.Apply(store);
        return new DatabaseFile(store);
    }

    private static int List(SqliteConnection connection, TextWriter output)
    {
        var stored = TenantStatements.Read(connection);
        foreach (var tenant in stored.Tenants.OrderBy(t => t.Id, StringComparer.OrdinalIgnoreCase))
        {
            output.WriteLine(tenant.Id + Remark(tenant.Name));
            foreach (var record in stored.Namespaces.Where(n => n.TenantId == tenant.Id).OrderBy(n => n.Id, StringComparer.OrdinalIgnoreCase))
            {
                var (groups, sessions, requests) = record.Limits;
                output.WriteLine($"  {record.Id}{Remark(record.Name)}{Limit(groups, "groups")}{Limit(sessions, "sessions")}{Limit(requests, "requests a second")}");
            }
        }

        return ExitCodes.Success;

        static string Remark(string? name) => name is null ? "" : $" ({name})";
        static string Limit(long? limit, string what) => limit is { } value ? string.Create(CultureInfo.InvariantCulture, $", {value} {what}") : "";
    }

    private static int Make(SqliteConnection connection, Func<StoredTenants, (string Text, bool IsDone)> change, TextWriter output, TextWriter error)
    {
        var stored = TenantStatements.Read(connection);
        connection.Run("BEGIN IMMEDIATE");
        var (text, isDone) = change(stored);
        connection.Run("COMMIT");
        (isDone ? output : error).WriteLine(text);
        return isDone ? ExitCodes.Success : ExitCodes.Refused;
    }

    private static (string Text, bool IsDone) Add(SqliteConnection connection, StoredTenants stored, NamespaceRecord wanted)
    {
        using var sql = new TenantStatements(connection);
        var tenant = stored.Tenants.FirstOrDefault(t => Is(t.Id, wanted.TenantId));
        if (wanted.Id.Length > 0)
        {
            if (tenant is null)
            {
                return ($"There is no tenant '{wanted.TenantId}'; add it first.", false);
            }

            if (stored.Namespaces.Any(n => n.TenantId == tenant.Id && Is(n.Id, wanted.Id)))
            {
                return ($"The tenant '{tenant.Id}' has a namespace '{wanted.Id}' already.", false);
            }

            sql.AddNamespace(wanted with { TenantId = tenant.Id });
            return ($"The namespace '{wanted.Id}' of the tenant '{tenant.Id}' was added.", true);
        }

        if (tenant is not null)
        {
            return ($"There is a tenant '{tenant.Id}' already.", false);
        }

        sql.AddTenant(new TenantRecord(wanted.TenantId, wanted.Name, wanted.Description));
        return ($"The tenant '{wanted.TenantId}' was added. It needs a namespace.", true);
    }

    private static (string Text, bool IsDone) Set(SqliteConnection connection, StoredTenants stored, NamespaceRecord wanted)
    {
        if (stored.Namespaces.FirstOrDefault(n => Is(n.TenantId, wanted.TenantId) && Is(n.Id, wanted.Id)) is not { } current)
        {
            return ($"There is no namespace '{wanted.Id}' of the tenant '{wanted.TenantId}'.", false);
        }

        using var sql = new TenantStatements(connection);
        sql.SetNamespace(wanted);
        return ($"The namespace '{current.Id}' of the tenant '{current.TenantId}' was set.", true);
    }

    private static (string Text, bool IsDone) Remove(SqliteConnection connection, StoredTenants stored, string tenant, string? @namespace)
    {
        using var sql = new TenantStatements(connection);
        var what = @namespace is null ? $"tenant '{tenant}'" : $"namespace '{@namespace}' of the tenant '{tenant}'";
        var isThere = @namespace is null
            ? stored.Tenants.Any(t => Is(t.Id, tenant))
            : stored.Namespaces.Any(n => Is(n.TenantId, tenant) && Is(n.Id, @namespace));
        if (!isThere)
        {
            return ($"There is no {what}.", false);
        }

        if (DefaultNamespace.Is(tenant) && (@namespace is null || DefaultNamespace.Is(@namespace)))
        {
            return ("The default tenant and namespace always exist.", false);
        }

        if (sql.HasGroups(tenant, @namespace))
        {
            return ($"The {what} has groups; delete them first.", false);
        }

        if (@namespace is null)
        {
            sql.DeleteTenant(tenant);
        }
        else
        {
            sql.DeleteNamespace(tenant, @namespace);
        }

        return ($"The {what} was removed.", true);
    }

    private static bool Is(string left, string right) => string.Equals(left, right, StringComparison.OrdinalIgnoreCase);
}
