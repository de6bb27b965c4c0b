using System.Diagnostics;
using ClientFailover.Benchmarks.Fleets;
using ClientFailover.V1;

namespace ClientFailover.Benchmarks.Lateness;

/// <summary>
/// Responsible for adapters that beat at their interval, some of which fall silent as Primary: measures when the other
/// one of the pair has its role in hand. For use by one thread.
/// </summary>
internal sealed class PacedFleet : IFleetObserver
{
    /// <summary>Spreads consecutive heartbeats over the connections; no common factor with the number of sessions.</summary>
    private const int Stride = 7919;

    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(1);

    private readonly StreamFleet _fleet;
    private readonly Dictionary<StreamSession, int> _numbers = [];
    private readonly long[] _lastBeat;
    private readonly bool[] _silent;
    private readonly int[] _primaryOf;
    private readonly long _start = Stopwatch.GetTimestamp();
    private long _due;

    /// <summary>Takes over a fleet whose streams are open.</summary>
    /// <param name="fleet">The fleet.</param>
    public PacedFleet(StreamFleet fleet)
    {
        _fleet = fleet;
        _fleet.Observer = this;
        _lastBeat = new long[fleet.Sessions.Count];
        _silent = new bool[fleet.Sessions.Count];
        _primaryOf = new int[fleet.Sessions.Count / FleetPlan.SessionsPerGroup];
        Array.Fill(_primaryOf, -1);
        foreach (var session in fleet.Sessions)
        {
            _numbers.Add(session, _numbers.Count);
        }
    }

    /// <summary>How long after their deadlines promotions were in hand, by group.</summary>
    public Dictionary<int, TimeSpan> Lateness { get; } = [];

    /// <summary>Faults whose promotion has not come yet.</summary>
    public int Pending { get; private set; }

    /// <summary>Heartbeats sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Whether every group has a Primary.</summary>
    public bool IsSettled => !_primaryOf.Contains(-1);

    /// <summary>Sends what is due, and handles what has arrived.</summary>
    public void Pump()
    {
        var due = (long)(Stopwatch.GetElapsedTime(_start) / LatenessPlan.Interval * _lastBeat.Length);
        for (; _due < due; _due++)
        {
            var number = (int)(_due * Stride % _lastBeat.Length);
            if (!_silent[number])
            {
                Beat(number);
            }
        }

        _fleet.Pump(Tick);
    }

    /// <summary>The Primary of a group beats once more, and then no more until another has its role.</summary>
    /// <param name="group">Number of the group.</param>
    public void Silence(int group)
    {
        var primary = _primaryOf[group];
        Beat(primary);
        _silent[primary] = true;
        Pending++;
    }

    /// <inheritdoc/>
    public void OnReply(StreamSession session, ReadOnlySpan<byte> message)
    {
        if (!IsSettled && ServiceMessage.Parser.ParseFrom(message).HeartbeatReply.Role == Role.Primary)
        {
            _primaryOf[_numbers[session] / FleetPlan.SessionsPerGroup] = _numbers[session];
        }
    }

    /// <inheritdoc/>
    public void OnAssignment(StreamSession session, ReadOnlySpan<byte> message)
    {
        var received = Stopwatch.GetTimestamp();
        var assignment = ServiceMessage.Parser.ParseFrom(message).Assignment;
        if (assignment.Role != Role.Primary || assignment.DrainDeadline is not null)
        {
            return;
        }

        var number = _numbers[session];
        var group = number / FleetPlan.SessionsPerGroup;
        var old = _primaryOf[group];
        _primaryOf[group] = number;
        if (old >= 0 && _silent[old])
        {
            Lateness[group] = Stopwatch.GetElapsedTime(_lastBeat[old], received) - LatenessPlan.FailoverTimeout;
            _silent[old] = false;
            Pending--;
        }
    }

    private void Beat(int number)
    {
        var session = _fleet.Sessions[number];
        session.Beat();
        _lastBeat[number] = Stopwatch.GetTimestamp();
        session.Connection.Flush();
        Sent++;
    }
}
