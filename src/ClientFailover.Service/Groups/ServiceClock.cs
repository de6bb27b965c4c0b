using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>Responsible for the time that enters the engine: one monotonic origin for the whole process.</summary>
/// <param name="time">Where time comes from.</param>
internal sealed class ServiceClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();

    /// <summary>Where time comes from, for waiting.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Both clocks, now.</summary>
    public Now Now => new(Monotonic, Time.GetUtcNow().UtcDateTime);

    /// <summary>The monotonic clock, now.</summary>
    public TimeSpan Monotonic => Time.GetElapsedTime(_origin);
}
