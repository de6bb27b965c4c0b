namespace ClientFailover.Engine;

/// <summary>The time at which a command is applied: the only way time enters the engine.</summary>
/// <param name="Monotonic">A clock that never jumps, from any fixed origin. All deadlines are on it.</param>
/// <param name="Utc">Wall-clock time. Ends role overrides, caps LastDataProcessedTime, and stamps events.</param>
public readonly record struct Now(TimeSpan Monotonic, DateTime Utc);
