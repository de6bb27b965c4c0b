using ClientFailover.V1;

namespace ClientFailover.Samples.AdapterPair.Demo;

/// <summary>What one kill did.</summary>
/// <param name="Killed">Who was Primary.</param>
/// <param name="Successor">Who took over.</param>
/// <param name="Reason">Why, as the service told it.</param>
/// <param name="Time">From the death of one to the first sample appended by the other.</param>
/// <param name="Lost">Samples that neither appended.</param>
/// <param name="Duplicated">Samples that were appended once more than needed.</param>
internal sealed record Takeover(string Killed, string Successor, Reason Reason, TimeSpan Time, long Lost, long Duplicated)
{
    /// <summary>How many numbers are missing between the lowest and the highest.</summary>
    public static long CountLost(IReadOnlyCollection<DestinationRow> rows) => rows.Count == 0
        ? 0
        : rows.Max(row => row.Sequence) - rows.Min(row => row.Sequence) + 1 - CountDistinct(rows);

    /// <summary>How many lines repeat the number of another.</summary>
    public static long CountDuplicated(IReadOnlyCollection<DestinationRow> rows) => rows.Count - CountDistinct(rows);

    private static long CountDistinct(IEnumerable<DestinationRow> rows) => rows.Select(row => row.Sequence).Distinct().LongCount();
}
