using Microsoft.Extensions.Time.Testing;

namespace ClientFailover.Client.Tests;

/// <summary>A virtual time whose wall clock can be set while the monotonic one and timers go on: <see cref="FakeTimeProvider.AdjustTime"/> sets both.</summary>
internal sealed class WallClockTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private long _ahead;

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddTicks(Volatile.Read(ref _ahead));

    public override long GetTimestamp() => base.GetUtcNow().UtcTicks;

    /// <summary>Sets the wall clock.</summary>
    public void SetClock(DateTimeOffset now) => Volatile.Write(ref _ahead, (now - base.GetUtcNow()).Ticks);
}
