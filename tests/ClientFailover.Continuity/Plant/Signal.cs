namespace ClientFailover.Continuity.Plant;

/// <summary>
/// The signal of every source: a tick each 10 ms, numbered without holes; at each tick every stream has a value,
/// which is the number of the tick.
/// </summary>
internal static class Signal
{
    /// <summary>Sources that an adapter collects from, each over a connection of its own.</summary>
    public const int Sources = 2;

    /// <summary>Streams of each source.</summary>
    public const int StreamsPerSource = 2;

    /// <summary>Values that a stream has in a second.</summary>
    public const int Rate = 100;

    /// <summary>Values that all streams of a group have in a second.</summary>
    public const int GroupRate = Rate * Sources * StreamsPerSource;

    /// <summary>Time between two ticks.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1) / Rate;

    // Streams of one tick differ in time, so that no rule can lean on equal ones.
    private static readonly TimeSpan Stagger = TimeSpan.FromMilliseconds(3);

    /// <summary>Ids of the streams of one source.</summary>
    public static IEnumerable<string> StreamsOf(string group, int source) =>
        Enumerable.Range(0, StreamsPerSource).Select(stream => StreamId(group, source, stream));

    /// <summary>Ids of all streams of a group.</summary>
    public static IEnumerable<string> StreamsOf(string group) =>
        Enumerable.Range(0, Sources).SelectMany(source => StreamsOf(group, source));

    /// <summary>Id of a stream.</summary>
    public static string StreamId(string group, int source, int stream) => $"{group}.source{source}.stream{stream}";

    /// <summary>When the value of a stream at a tick was so.</summary>
    /// <param name="tickTime">When the tick was.</param>
    /// <param name="stream">Number of the stream within its source.</param>
    public static DateTimeOffset TimeOf(DateTimeOffset tickTime, int stream) => tickTime + (Stagger * stream);
}
