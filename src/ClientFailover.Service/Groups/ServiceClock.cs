using System.Diagnostics;
using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>Responsible for the time that enters the engine: one monotonic origin for the whole process.</summary>
/// <param name="time">Where time comes from.</param>
internal sealed class ServiceClock(TimeProvider time)
{
    private readonly long _origin = time.GetTimestamp();

    // Then the clocks are read directly: every heartbeat does, and the way through the abstraction doubles the price.
    private readonly bool _isSystem = time == TimeProvider.System;

    /// <summary>Where time comes from, for waiting.</summary>
    public TimeProvider Time { get; } = time;

    /// <summary>Both clocks, now.</summary>
    public Now Now => _isSystem
        ? new(Stopwatch.GetElapsedTime(_origin), DateTime.UtcNow)
        : new(Monotonic, Time.GetUtcNow().UtcDateTime);

    /// <summary>The monotonic clock, now.</summary>
    public TimeSpan Monotonic => Time.GetElapsedTime(_origin);
}
