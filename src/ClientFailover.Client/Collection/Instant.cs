namespace ClientFailover.Client.Collection;

/// <summary>A moment on both clocks: deadlines are counted on the monotonic one, data is stamped with the other.</summary>
/// <param name="Monotonic">The monotonic clock; stands still while the machine is suspended.</param>
/// <param name="Utc">The wall clock.</param>
internal readonly record struct Instant(TimeSpan Monotonic, DateTimeOffset Utc)
{
    /// <summary>The present.</summary>
    public static Instant Now(TimeProvider time) => new(time.GetElapsedTime(0, time.GetTimestamp()), time.GetUtcNow());
}
