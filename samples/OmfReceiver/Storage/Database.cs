using System.Collections.Concurrent;
using System.Text.Json;
using ClientFailover.Samples.OmfReceiver.Omf;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Samples.OmfReceiver.Storage;

/// <summary>
/// Responsible for what the receiver knows: types, containers, and each value once. What a task of it has ended with is on
/// disk, and survives a kill and a power cut.
/// </summary>
internal sealed class Database : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, Container> _containers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, TypeDefinition> _types = new(StringComparer.Ordinal);
    private readonly string _file;
    private readonly Statements _statements;
    private readonly Writer _writer;

    private Database(string file)
    {
        _file = file;
        var connection = Connect(SqliteOpenMode.ReadWriteCreate);
        _statements = new Statements(connection);
        Load(connection);
        _writer = new Writer(connection);
    }

    /// <summary>The containers that are stored.</summary>
    public IReadOnlyDictionary<string, Container> Containers => _containers;

    public static Database Open(string file) => new(file);

    /// <returns>Whether any was new.</returns>
    /// <exception cref="RefusedException">409: another type has this id.</exception>
    public Task<bool> AddTypesAsync(IReadOnlyList<TypeDefinition> types) => _writer.RunAsync(() =>
    {
        foreach (var type in types)
        {
            if (_types.TryGetValue(type.Id, out var known) && !known.IsSameAs(type))
            {
                throw new RefusedException(StatusCodes.Status409Conflict, $"Type '{type.Id}' is there, and is another.");
            }
        }

        var fresh = types.Where(type => !_types.ContainsKey(type.Id)).DistinctBy(type => type.Id).ToList();
        fresh.ForEach(_statements.InsertType);
        return new Written<bool>(fresh.Count > 0, () => fresh.ForEach(type => _types[type.Id] = type));
    }, defines: true);

    /// <returns>Whether any was new.</returns>
    /// <exception cref="RefusedException">404: its type is unknown; 409: it is there, with another type.</exception>
    public Task<bool> AddContainersAsync(IReadOnlyList<ContainerDefinition> containers) => _writer.RunAsync(() =>
    {
        foreach (var (id, typeId) in containers)
        {
            if (!_types.ContainsKey(typeId))
            {
                throw new RefusedException(StatusCodes.Status404NotFound, $"Type '{typeId}' of container '{id}' is unknown.");
            }

            if (_containers.TryGetValue(id, out var known) && known.Type.Id != typeId)
            {
                throw new RefusedException(StatusCodes.Status409Conflict, $"Container '{id}' is there, with the type '{known.Type.Id}'.");
            }
        }

        var fresh = containers.Where(container => !_containers.ContainsKey(container.Id)).DistinctBy(container => container.Id)
            .Select(container => new Container(_statements.InsertContainer(container), container.Id, _types[container.TypeId])).ToList();
        return new Written<bool>(fresh.Count > 0, () => fresh.ForEach(container => _containers[container.Id] = container));
    }, defines: true);

    /// <summary>Stores values; one whose container and time are there already is counted, and changes nothing.</summary>
    public Task AddValuesAsync(IReadOnlyList<Row> rows, string sender, DateTimeOffset arrived) => _writer.RunAsync(() =>
    {
        var request = _statements.InsertRequest(sender, arrived.UtcTicks);
        var duplicates = 0;
        foreach (var row in rows)
        {
            duplicates += _statements.InsertValue(row, request) ? 0 : 1;
        }

        _statements.CountRequest(request, rows.Count - duplicates, duplicates);
        return new Written<bool>(true, () => { });
    }, defines: false);

    /// <summary>Opens a connection that sees all that is stored and changes nothing.</summary>
    public SqliteConnection OpenReader() => Connect(SqliteOpenMode.ReadOnly);

    public async ValueTask DisposeAsync()
    {
        await _writer.DisposeAsync();
        _statements.Dispose();
    }

    private SqliteConnection Connect(SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = _file, Mode = mode, Pooling = false }.ToString());
        connection.Open();
        return connection;
    }

    private void Load(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT definition FROM type";
        using (var reader = command.ExecuteReader())
        {
            while (reader.Read())
            {
                var type = TypeDefinition.Parse(JsonDocument.Parse(reader.GetString(0)).RootElement);
                _types[type.Id] = type;
            }
        }

        command.CommandText = "SELECT key, id, type FROM container";
        using var containers = command.ExecuteReader();
        while (containers.Read())
        {
            var id = containers.GetString(1);
            _containers[id] = new Container(containers.GetInt64(0), id, _types[containers.GetString(2)]);
        }
    }
}
