namespace ClientFailover.Samples.Source;

/// <summary>Responsible for what the signals are at each tick: a wave for each, another phase each.</summary>
/// <param name="start">When tick 0 was.</param>
/// <param name="interval">Time between two ticks.</param>
internal sealed class Signal(DateTimeOffset start, TimeSpan interval)
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(10);

    /// <summary>The number of the last tick that has been by now.</summary>
    public uint TickAt(DateTimeOffset now) => now < start ? 0 : (uint)((now - start).Ticks / interval.Ticks);

    public DateTimeOffset TimeOf(uint tick) => start + (tick * interval);

    public float ValueOf(int signal, uint tick) => (float)Math.Sin((2 * Math.PI * (tick * interval / Period)) + signal);
}
