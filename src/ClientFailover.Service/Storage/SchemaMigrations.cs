using System.Globalization;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>A script that brings the schema from the version before it to its own.</summary>
/// <param name="Version">The version it leads to.</param>
/// <param name="Sql">The statements.</param>
internal sealed record SchemaMigration(long Version, string Sql);

/// <summary>
/// Responsible for the schema's version. The scripts are <c>Migrations/NNNN_name.sql</c>, embedded, numbered from 1
/// without gaps; one that was released is never changed.
/// </summary>
internal static class SchemaMigrations
{
    private const string Prefix = "Migrations/";

    /// <summary>The scripts of this program, in order.</summary>
    public static IReadOnlyList<SchemaMigration> All { get; } = Read();

    /// <summary>The version that this program reads and writes.</summary>
    public static long Latest => All[^1].Version;

    /// <summary>Runs the scripts that the database lacks, all in one transaction: all take effect, or none.</summary>
    /// <param name="connection">An open connection, outside of a transaction.</param>
    /// <param name="migrations">The scripts, in order.</param>
    public static void Apply(SqliteConnection connection, IReadOnlyList<SchemaMigration> migrations)
    {
        if (connection.Scalar("PRAGMA user_version") >= migrations[^1].Version)
        {
            return;
        }

        using var transaction = connection.BeginTransaction();
        var current = connection.Scalar("PRAGMA user_version", transaction);
        foreach (var migration in migrations.Where(m => m.Version > current))
        {
            connection.Run(migration.Sql, transaction);
            connection.Run(string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {migration.Version}"), transaction);
        }

        transaction.Commit();
    }

    private static List<SchemaMigration> Read()
    {
        var assembly = typeof(SchemaMigrations).Assembly;
        var migrations = new List<SchemaMigration>();
        foreach (var name in assembly.GetManifestResourceNames().Where(n => n.StartsWith(Prefix, StringComparison.Ordinal)).Order(StringComparer.Ordinal))
        {
            using var reader = new StreamReader(assembly.GetManifestResourceStream(name)!);
            var version = long.Parse(name.AsSpan(Prefix.Length, 4), NumberStyles.None, CultureInfo.InvariantCulture);
            migrations.Add(new SchemaMigration(version, reader.ReadToEnd()));
        }

        return migrations;
    }
}
