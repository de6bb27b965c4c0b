namespace ClientFailover.Service.Tests.Hosting;

/// <summary>A clock that skips what is waited for: whoever waits goes on at once, that much later.</summary>
/// <param name="waited">Is told before anybody goes on how long all have waited.</param>
internal sealed class SkippingTime(Action<TimeSpan> waited) : TimeProvider
{
    /// <summary>How long all have waited.</summary>
    public TimeSpan Passed { get; private set; }

    /// <inheritdoc/>
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc/>
    public override long GetTimestamp() => Passed.Ticks;

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Passed += dueTime;
        waited(Passed);
        callback(state);
        return new Elapsed();
    }

    private sealed class Elapsed : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => false;

        public void Dispose()
        {
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
