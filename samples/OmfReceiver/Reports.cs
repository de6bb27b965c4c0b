using ClientFailover.Samples.OmfReceiver.Storage;
using Microsoft.Data.Sqlite;

namespace ClientFailover.Samples.OmfReceiver;

/// <summary>What came of a stream.</summary>
/// <param name="Stream">Id of the container.</param>
/// <param name="Values">Values that are stored, each time once.</param>
/// <param name="Duplicates">Values that came again, with the time of one that was there.</param>
/// <param name="Conflicts">Duplicates that read otherwise than what is there.</param>
/// <param name="FirstSequence">The number of the earliest value; null: the type has none.</param>
/// <param name="LastSequence">The number of the latest.</param>
/// <param name="Missing">Numbers between them that never came.</param>
/// <param name="Restarts">Places where a later value has no higher number: the source began anew.</param>
/// <param name="RepeatedSequences">Values whose number another value has too, at another time.</param>
/// <param name="Late">Values that arrived later than the limit after their time.</param>
/// <param name="LargestLateness">The largest time from a value's own to its arrival, in seconds.</param>
/// <param name="OutOfOrder">Values that arrived in a later message than one with a later time.</param>
internal sealed record StreamReport(
    string Stream, long Values, long Duplicates, long Conflicts, long? FirstSequence, long? LastSequence, long Missing, long Restarts,
    long RepeatedSequences, long Late, double LargestLateness, long OutOfOrder);

/// <summary>What came of a stream, with each hole (the first thousand) and each sender.</summary>
internal sealed record DetailedReport(StreamReport Total, IReadOnlyList<Gap> Gaps, IReadOnlyList<SenderReport> Senders);

/// <summary>Numbers that never came.</summary>
/// <param name="After">The number before them.</param>
/// <param name="Before">The number after them.</param>
/// <param name="Missing">How many.</param>
/// <param name="AfterTime">Time of the value before.</param>
/// <param name="BeforeTime">Time of the value after.</param>
internal sealed record Gap(long After, long Before, long Missing, DateTime AfterTime, DateTime BeforeTime);

/// <summary>What one sender sent of a stream.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Values">Values of it that are stored.</param>
/// <param name="Duplicates">Values of it that were there.</param>
/// <param name="FirstArrived">When its first stored value arrived.</param>
/// <param name="LastArrived">When its last stored value arrived.</param>
internal sealed record SenderReport(string Name, long Values, long Duplicates, DateTime? FirstArrived, DateTime? LastArrived);

/// <summary>Responsible for telling what is missing, what came twice, and what came late.</summary>
internal static class Reports
{
    /// <summary>After this many seconds a value is late, unless the caller says otherwise.</summary>
    public const double DefaultLate = 5;

    private const int MostGaps = 1000;

    private const string Gaps = """
        SELECT previous, sequence, previousTime, time FROM (
            SELECT sequence, time, lag(sequence) OVER w AS previous, lag(time) OVER w AS previousTime
            FROM value WHERE container = $container AND sequence IS NOT NULL WINDOW w AS (ORDER BY time))
        WHERE sequence <> previous + 1 ORDER BY time
        """;

    private const string Totals = """
        SELECT count(*), coalesce(sum(late > $late), 0), coalesce(max(late), 0), coalesce(sum(request > soonest), 0),
               count(sequence) - count(DISTINCT sequence)
        FROM (
            SELECT value.request, value.sequence, request.arrived - value.time AS late,
                   min(value.request) OVER (ORDER BY value.time ROWS BETWEEN 1 FOLLOWING AND UNBOUNDED FOLLOWING) AS soonest
            FROM value JOIN request ON request.key = value.request WHERE value.container = $container)
        """;

    private const string Ends = """
        SELECT (SELECT sequence FROM value WHERE container = $container ORDER BY time LIMIT 1),
               (SELECT sequence FROM value WHERE container = $container ORDER BY time DESC LIMIT 1),
               (SELECT count(*) FROM duplicate WHERE container = $container),
               (SELECT count(*) FROM duplicate WHERE container = $container AND conflict)
        """;

    private const string Senders = """
        SELECT sender, sum(added), sum(again), min(first), max(last) FROM (
            SELECT sender, count(*) AS added, 0 AS again, min(arrived) AS first, max(arrived) AS last
            FROM value JOIN request ON request.key = value.request WHERE container = $container GROUP BY sender
            UNION ALL
            SELECT sender, 0, count(*), NULL, NULL
            FROM duplicate JOIN request ON request.key = duplicate.request WHERE container = $container GROUP BY sender)
        GROUP BY sender ORDER BY sender
        """;

    public static IReadOnlyList<StreamReport> OfStreams(Database database, double late) =>
        [.. database.Containers.Keys.Order(StringComparer.Ordinal).Select(stream => OfStream(database, stream, late)!.Total)];

    /// <returns>The report; null: there is no such stream.</returns>
    public static DetailedReport? OfStream(Database database, string stream, double late)
    {
        if (!database.Containers.TryGetValue(stream, out var container))
        {
            return null;
        }

        using var connection = database.OpenReader();
        using var snapshot = connection.BeginTransaction(deferred: true);
        List<T> Query<T>(string text, Func<SqliteDataReader, T> read) =>
            connection.Query(text, read, ("$container", container.Key), ("$late", (long)(late * TimeSpan.TicksPerSecond)));

        var (values, lateValues, lateness, outOfOrder, repeated) = Query(Totals, row =>
            (row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))).Single();
        var (first, last, duplicates, conflicts) = Query(Ends, row =>
            (row.Number(0), row.Number(1), row.GetInt64(2), row.GetInt64(3))).Single();
        var gaps = Query(Gaps, row => new Gap(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(1) - row.GetInt64(0) - 1, row.Time(2)!.Value, row.Time(3)!.Value));
        var senders = Query(Senders, row => new SenderReport(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.Time(3), row.Time(4)));

        var holes = gaps.Where(gap => gap.Missing > 0).ToList();
        var total = new StreamReport(
            stream, values, duplicates, conflicts, first, last, holes.Sum(gap => gap.Missing), gaps.Count - holes.Count, repeated,
            lateValues, lateness / (double)TimeSpan.TicksPerSecond, outOfOrder);
        return new DetailedReport(total, [.. holes.Take(MostGaps)], senders);
    }
}
