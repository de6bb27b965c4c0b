using System.Globalization;

namespace ClientFailover.Samples.AdapterPair.Signal;

/// <summary>One value of the signal.</summary>
/// <param name="Sequence">
/// Number of the wall-clock tick that it belongs to. Adapters on one machine give one tick the same number, so a
/// reader of the destination can tell what is missing and what is there twice.
/// </param>
/// <param name="Value">CPU load of the machine since the sample before, in percent.</param>
/// <param name="Received">When the adapter took it, by its own clock.</param>
internal readonly record struct Sample(long Sequence, double Value, DateTimeOffset Received)
{
    /// <summary>Time between two ticks: 20 samples a second.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);

    /// <summary>When the tick was: the source's timestamp, the same for both adapters.</summary>
    public DateTimeOffset Timestamp => DateTimeOffset.UnixEpoch + (Sequence * Interval);

    /// <summary>The number of the last tick at or before <paramref name="time"/>.</summary>
    public static long SequenceAt(DateTimeOffset time) => (time - DateTimeOffset.UnixEpoch).Ticks / Interval.Ticks;

    /// <summary>The line of the destination file.</summary>
    public string ToLine(string adapter) =>
        string.Create(CultureInfo.InvariantCulture, $"{Sequence},{Timestamp:yyyy-MM-ddTHH:mm:ss.fffZ},{Value:F1},{adapter}\n");
}
