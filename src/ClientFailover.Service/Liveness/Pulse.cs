namespace ClientFailover.Service.Liveness;

/// <summary>Responsible for telling how long one thread has been at one piece of its work. Written by that thread, read by any.</summary>
/// <param name="name">What the thread does, for people.</param>
/// <param name="patience">How long a piece of work may take before the thread counts as stuck.</param>
/// <param name="time">The clock.</param>
internal sealed class Pulse(string name, TimeSpan patience, TimeProvider time)
{
    private const long Idle = 0;

    private long _since = Idle;

    /// <summary>What the thread does, for people.</summary>
    public string Name => name;

    /// <summary>How long it has been at what it does now; zero: it waits for work, or does not run.</summary>
    public TimeSpan Busy => Volatile.Read(ref _since) is not Idle and var since ? time.GetElapsedTime(since) : TimeSpan.Zero;

    /// <summary>Whether it has been at it for longer than it may.</summary>
    public bool IsStuck => Busy > patience;

    /// <summary>The next piece of work begins.</summary>
    public void Beat() => Volatile.Write(ref _since, Math.Max(Idle + 1, time.GetTimestamp()));

    /// <summary>Nothing is to be done until the next <see cref="Beat"/>.</summary>
    public void Rest() => Volatile.Write(ref _since, Idle);
}
