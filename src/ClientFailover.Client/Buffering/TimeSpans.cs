namespace ClientFailover.Client.Buffering;

/// <summary>From when to when the times of some items go, in ticks of UTC.</summary>
/// <param name="SourceMin">Earliest source time.</param>
/// <param name="SourceMax">Latest source time.</param>
/// <param name="ReceivedMin">Earliest time of receipt.</param>
/// <param name="ReceivedMax">Latest time of receipt.</param>
internal readonly record struct TimeSpans(long SourceMin, long SourceMax, long ReceivedMin, long ReceivedMax)
{
    /// <summary>Those of no item.</summary>
    public static TimeSpans None => new(long.MaxValue, long.MinValue, long.MaxValue, long.MinValue);

    /// <summary>Whether there can be items of such times.</summary>
    public bool ArePossible =>
        SourceMin >= 0 && SourceMin <= SourceMax && SourceMax <= DateTime.MaxValue.Ticks && ReceivedMin >= 0 && ReceivedMin <= ReceivedMax && ReceivedMax <= DateTime.MaxValue.Ticks;

    /// <summary>Those with one more item.</summary>
    /// <param name="item">The item.</param>
    /// <returns>The spans.</returns>
    public TimeSpans With(in DataItem item)
    {
        var (source, received) = (item.SourceTime.UtcTicks, item.ReceivedTime.UtcTicks);
        return new(Math.Min(SourceMin, source), Math.Max(SourceMax, source), Math.Min(ReceivedMin, received), Math.Max(ReceivedMax, received));
    }
}
