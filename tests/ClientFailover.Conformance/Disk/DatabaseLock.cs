using ClientFailover.Conformance.Running;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Conformance.Disk;

/// <summary>Responsible for another program that has locked the database for writing, until it is disposed of.</summary>
internal sealed class DatabaseLock : IDisposable
{
    private readonly SqliteConnection _connection;

    /// <summary>Locks the database of a service.</summary>
    /// <param name="service">The service.</param>
    public DatabaseLock(RunningService service)
    {
        _connection = new SqliteConnection($"Data Source={Path.Combine(service.DataDirectory, "clientfailover.db")};Pooling=False");
        _connection.Open();
        _connection.BeginTransaction(deferred: false);
    }

    /// <inheritdoc/>
    public void Dispose() => _connection.Dispose();
}
