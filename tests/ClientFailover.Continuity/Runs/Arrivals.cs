using ClientFailover.Continuity.Plant;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Continuity.Runs;

/// <summary>A value that arrived at the destination.</summary>
/// <param name="Stream">Index among the group's streams.</param>
/// <param name="Tick">Its number.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="IsAgain">It was there already.</param>
/// <param name="IsWrong">It is not what the source had at its time; if it was there already: it reads otherwise than what is there.</param>
internal readonly record struct Arrival(int Stream, long Tick, DateTimeOffset Time, string Sender, bool IsAgain, bool IsWrong);

/// <summary>Responsible for reading what the destination has taken of one group, from its database.</summary>
internal sealed class Arrivals(string database, string group, SourceServer source)
{
    private const string Count = """
        SELECT coalesce(sum((SELECT count(*) FROM value WHERE container = container.key AND time BETWEEN $from AND $to)), 0)
        FROM container WHERE id LIKE $group || '.source%'
        """;

    private const string All = """
        SELECT id, time, arrived, sender, sequence, NULL FROM container JOIN value ON value.container = container.key JOIN request ON request.key = value.request
        WHERE id LIKE $group || '.source%' AND time BETWEEN $from AND $to
        UNION ALL
        SELECT id, time, arrived, sender, NULL, conflict FROM container JOIN duplicate ON duplicate.container = container.key JOIN request ON request.key = duplicate.request
        WHERE id LIKE $group || '.source%' AND time BETWEEN $from AND $to
        ORDER BY arrived
        """;

    private readonly string[] _streams = [.. Signal.StreamsOf(group)];

    /// <summary>How many different values of a span there are.</summary>
    public long CountBetween(long firstTick, long lastTick) => Read(Count, firstTick, lastTick, row => row.GetInt64(0)).Single();

    /// <summary>Every arrival of a value of a span, in the order of arrival.</summary>
    public IReadOnlyList<Arrival> Between(long firstTick, long lastTick) => Read(All, firstTick, lastTick, row =>
    {
        var (stream, tick, isAgain) = (Array.IndexOf(_streams, row.GetString(0)), source.TickAt(Time(row, 1)), !row.IsDBNull(5));

        // The value of a stream at a tick is the number of the tick, at a time of its own.
        var isWrong = isAgain
            ? row.GetInt64(5) != 0
            : row.IsDBNull(4) || row.GetInt64(4) != tick || Signal.TimeOf(source.TimeOf(tick), stream % Signal.StreamsPerSource) != Time(row, 1);
        return new Arrival(stream, tick, Time(row, 2), row.GetString(3), isAgain, isWrong);
    });

    private static DateTimeOffset Time(SqliteDataReader row, int column) => new(row.GetInt64(column), TimeSpan.Zero);

    private List<T> Read<T>(string text, long firstTick, long lastTick, Func<SqliteDataReader, T> read)
    {
        using var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = database,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.Parameters.AddWithValue("$group", group);
        command.Parameters.AddWithValue("$from", source.TimeOf(firstTick).UtcTicks);
        command.Parameters.AddWithValue("$to", source.TimeOf(lastTick + 1).UtcTicks - 1);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(read(reader));
        }

        return rows;
    }
}
