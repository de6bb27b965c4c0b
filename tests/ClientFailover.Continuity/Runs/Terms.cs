using ClientFailover.Client;
using ClientFailover.Continuity.Adapters;

namespace ClientFailover.Continuity.Runs;

/// <summary>
/// The times of the documented rules, in seconds, for one run: what bounds are made of. The service runs with its default
/// settings.
/// </summary>
/// <param name="plan">The run.</param>
/// <param name="slack">Seconds that a bound has beyond the rules, as often as the machine may have had its share; 0: the rules alone.</param>
internal sealed class Terms(RunPlan plan, double slack)
{
    /// <summary>ConnectionLossGrace.</summary>
    public const double Grace = 1;

    /// <summary>After this a silent source is taken for lost.</summary>
    public const double SourceSilence = 0.75;

    /// <summary>After a failed attempt a component waits this long, or less.</summary>
    public const double SourceRetry = 1;

    /// <summary>A request to the destination is given up after this.</summary>
    public const double EgressTimeout = 5;

    /// <summary>Values that one request brings, in seconds of the group's data.</summary>
    public const double Batch = 1000.0 / Plant.Signal.GroupRate;

    /// <summary>A source that is late by this much less may be taken for silent, too.</summary>
    private const double AlmostSilence = 0.1;

    /// <summary>What a bound has beyond the rules.</summary>
    public double Slack => slack;

    /// <summary>FailoverTimeout.</summary>
    public double Timeout { get; } = plan.FailoverTimeout.TotalSeconds;

    public bool IsHot { get; } = plan.Mode == FailoverMode.Hot;

    /// <summary>Whether the Primary is on a stream.</summary>
    public bool PrimaryStreams { get; } = IsStream(plan.Adapters[0]);

    /// <summary>Whether all others are on streams.</summary>
    public bool OthersStream { get; } = plan.Adapters.Skip(1).All(IsStream);

    /// <summary>Whether an adapter of the field takes part: after a clean stop it goes on in its last role.</summary>
    public bool HasField { get; } = plan.Adapters.Contains(AdapterKind.Field);

    /// <summary>Time between two heartbeats of the Primary.</summary>
    public double Beat => PrimaryStreams ? Timeout / 3 : Timeout / 2;

    /// <summary>Silence after which the Primary counts as lost.</summary>
    public double Deadline => PrimaryStreams ? Timeout : Timeout + Tolerance;

    /// <summary>HeartbeatTolerance.</summary>
    public double Tolerance => Math.Min(2, Timeout / 8);

    /// <summary>From the return of the service until another adapter is heard.</summary>
    public double Reconnect => OthersStream ? Math.Min(5, Timeout / 6) * 1.5 : Timeout / 2;

    /// <summary>From the decision until the successor knows.</summary>
    public double Learn => OthersStream ? 0 : Timeout / 2;

    /// <summary>From the successor's promotion until the old Primary knows, if it can be reached.</summary>
    public double Told => PrimaryStreams ? 0 : Timeout / 2;

    /// <summary>From a lower score until the service knows.</summary>
    public double Report => PrimaryStreams ? 0.8 * Math.Min(1, Timeout / 3) : Timeout / 2;

    /// <summary>DrainTimeout.</summary>
    public double Drain => PrimaryStreams && OthersStream ? Math.Min(5, Timeout / 2) : 0;

    /// <summary>How long a component takes to start.</summary>
    public double StartTime { get; } = plan.StartTime.TotalSeconds;

    /// <summary>Until a component of the successor collects: nothing in hot and warm mode, in which it has started.</summary>
    public double Start { get; } = plan.Mode == FailoverMode.Cold ? plan.StartTime.TotalSeconds : 0;

    /// <summary>What the bench waits for adapters to settle.</summary>
    public double Settle { get; } = plan.SettleTime.TotalSeconds;

    /// <summary>What a successor sends again in hot mode: half a timeout before the last time it heard of, which is a heartbeat old.</summary>
    public double Overlap => IsHot ? (Timeout / 2) + Beat + Slack : Slack;

    /// <summary>A second for what a machine does, and more if it was measured to be busy: nothing is judged by speed.</summary>
    /// <param name="heldUp">How long the machine held up the bench at most, in seconds, measured.</param>
    public static double SlackOf(double heldUp) => 1 + (3 * heldUp);

    /// <summary>
    /// What nobody can collect, because the sources, which are the bench's, were themselves silent for longer than adapters bear: these
    /// connect anew, and a source keeps nothing for who is not connected.
    /// </summary>
    /// <param name="heldUp">How long the machine held up the bench at most, in seconds, measured.</param>
    public static double UntoldFor(double heldUp) => heldUp < SourceSilence - AlmostSilence ? 0 : heldUp + SourceRetry + SlackOf(0);

    private static bool IsStream(AdapterKind kind) => kind is AdapterKind.Stream or AdapterKind.Auto;
}
