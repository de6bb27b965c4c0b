using ClientFailover.Service.Configuration;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Service.Storage;

/// <summary>Responsible for the configuration in the database. Used by one thread, inside its transactions.</summary>
/// <param name="connection">An open connection.</param>
internal sealed class ConfigurationStatements(SqliteConnection connection) : IDisposable
{
    private readonly Statement _set = new(
        connection, "INSERT INTO configuration (id, document) VALUES (1, ?1) ON CONFLICT DO UPDATE SET document = excluded.document");

    /// <summary>The configuration as it was stored.</summary>
    /// <param name="connection">An open connection.</param>
    /// <returns>The configuration; an empty one if none was stored.</returns>
    /// <exception cref="System.Text.Json.JsonException">It makes no sense.</exception>
    public static ServiceConfiguration Read(SqliteConnection connection) =>
        connection.Text("SELECT document FROM configuration") is { } document ? ConfigurationText.Read(document) : ServiceConfiguration.Empty;

    /// <summary>Replaces the configuration.</summary>
    /// <param name="document">What <see cref="ConfigurationText.Write"/> made.</param>
    public void Set(string document) => _set.Bind(1, document).Run();

    /// <inheritdoc/>
    public void Dispose() => _set.Dispose();
}
