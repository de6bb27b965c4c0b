using ClientFailover.Benchmarks.Fleets;

namespace ClientFailover.Benchmarks.Lateness;

/// <summary>The load under which lateness is measured: 10,000 sessions with open streams, 5,000 heartbeats a second.</summary>
internal static class LatenessPlan
{
    /// <summary>
    /// Adapters beat every third of it. A little less than 6 s makes up for the adapters that are silent at any time:
    /// faults a second x failover timeout.
    /// </summary>
    public static readonly TimeSpan FailoverTimeout = TimeSpan.FromSeconds(5.6);

    /// <summary>Time between the heartbeats of an adapter.</summary>
    public static readonly TimeSpan Interval = FailoverTimeout / 3;

    /// <summary>Every adapter has beaten several times, and the code has been compiled for its load.</summary>
    public static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(15);

    /// <summary>Time from one fault to the next.</summary>
    public static readonly TimeSpan FaultInterval = TimeSpan.FromMilliseconds(10);

    /// <summary>How many Primaries fall silent, each in a group of its own.</summary>
    public const int Faults = 2000;

    /// <summary>How long after its deadline a promotion is waited for.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>The adapters.</summary>
    public static readonly FleetPlan Fleet = new("lateness", Sessions: 10_000, Connections: 100, FailoverTimeout);
}
