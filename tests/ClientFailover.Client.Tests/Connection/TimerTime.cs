using System.Threading.Channels;
using Microsoft.Extensions.Time.Testing;

namespace ClientFailover.Client.Tests.Connection;

/// <summary>A virtual clock that tells which timers were set: to advance it before would make them ring too late.</summary>
internal sealed class TimerTime(DateTimeOffset start) : FakeTimeProvider(start)
{
    private readonly Channel<TimeSpan> _set = Channel.CreateUnbounded<TimeSpan>();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        _set.Writer.TryWrite(dueTime);
        return timer;
    }

    /// <summary>Waits until a timer was set that the test wants and has not waited for before; others are passed over.</summary>
    public async Task SetAsync(Func<TimeSpan, bool> wanted)
    {
        while (!wanted(await _set.Reader.ReadAsync().AsTask().Soon()))
        {
            // It waits for another.
        }
    }
}
