using ClientFailover.Samples.OmfReceiver.Storage;

namespace ClientFailover.Samples.OmfReceiver;

/// <summary>What one sender sent within one piece of time.</summary>
/// <param name="Time">Where the piece begins, by the time of arrival.</param>
/// <param name="Sender">Who sent.</param>
/// <param name="Values">Values that are stored.</param>
/// <param name="Duplicates">Values that were there.</param>
internal sealed record TimelineEntry(DateTime Time, string Sender, long Values, long Duplicates);

/// <summary>The first message of a sender.</summary>
internal sealed record FirstMessage(string Sender, DateTime Arrived, long Values, long Duplicates);

/// <summary>Responsible for telling who sent when.</summary>
internal static class Timeline
{
    private const string OfAll = """
        SELECT arrived / $bucket * $bucket, sender, sum(added), sum(duplicates) FROM request GROUP BY 1, 2 ORDER BY 1, 2
        """;

    private const string OfOne = """
        SELECT arrived / $bucket * $bucket, sender, sum(fresh), sum(again) FROM (
            SELECT request AS message, 1 AS fresh, 0 AS again FROM value WHERE container = $container
            UNION ALL
            SELECT request, 0, 1 FROM duplicate WHERE container = $container)
        JOIN request ON request.key = message GROUP BY 1, 2 ORDER BY 1, 2
        """;

    private const string First = """
        SELECT sender, arrived, added, duplicates FROM request WHERE sender = $sender AND arrived > $after ORDER BY key LIMIT 1
        """;

    /// <param name="database">Where it is read.</param>
    /// <param name="stream">One stream; null: all.</param>
    /// <param name="bucket">Length of a piece in seconds, at least a millisecond.</param>
    public static IReadOnlyList<TimelineEntry> Of(Database database, string? stream, double bucket)
    {
        var container = stream is null ? -1 : database.Containers.TryGetValue(stream, out var known) ? known.Key : 0;
        using var connection = database.OpenReader();
        return connection.Query(
            stream is null ? OfAll : OfOne,
            row => new TimelineEntry(row.Time(0)!.Value, row.GetString(1), row.GetInt64(2), row.GetInt64(3)),
            ("$bucket", (long)(Math.Max(bucket, 0.001) * TimeSpan.TicksPerSecond)),
            ("$container", container));
    }

    /// <returns>The first data message of the sender that arrived after the time; null: none.</returns>
    public static FirstMessage? FirstOf(Database database, string sender, DateTimeOffset? after)
    {
        using var connection = database.OpenReader();
        return connection.Query(
            First,
            row => new FirstMessage(row.GetString(0), row.Time(1)!.Value, row.GetInt64(2), row.GetInt64(3)),
            ("$sender", sender),
            ("$after", after?.UtcTicks ?? 0)).FirstOrDefault();
    }
}
