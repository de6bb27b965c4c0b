namespace ClientFailover.Service.Telemetry;

/// <summary>
/// Responsible for knowing whether one kind of telemetry reaches its collector: who asks is told when that changes, and not with
/// every attempt.
/// </summary>
/// <param name="signal">What is sent.</param>
/// <param name="time">The clock.</param>
internal sealed class OtlpState(string signal, TimeProvider time)
{
    /// <summary>A collector that comes and goes is not told of more often.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);

    private readonly Lock _gate = new();
    private bool _failing;
    private bool _told;
    private long? _toldAt;

    /// <summary>What is sent.</summary>
    public string Signal { get; } = signal;

    /// <summary>Is told when sending begins to fail, with the problem, and when it works again, with null.</summary>
    public event Action<OtlpState, string?>? Changed;

    /// <summary>Something was sent, or not.</summary>
    /// <param name="problem">Why not; null: it was.</param>
    public void Report(string? problem)
    {
        lock (_gate)
        {
            if (problem is null == !_failing)
            {
                return;
            }

            _failing = problem is not null;
            var tells = _failing ? _toldAt is not { } at || time.GetElapsedTime(at) >= Interval : _told;
            _told = _failing && tells;
            if (!tells)
            {
                return;
            }

            _toldAt = _failing ? time.GetTimestamp() : _toldAt;
        }

        Changed?.Invoke(this, problem);
    }
}
