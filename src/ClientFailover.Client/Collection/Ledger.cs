using ClientFailover.Client.Buffering;
using Microsoft.Extensions.Logging;

namespace ClientFailover.Client.Collection;

/// <summary>
/// Responsible for what was collected and egressed and how far: the watermark, the score, the gaps, and whether the egress may send.
/// One lock guards it; nothing in it waits.
/// </summary>
/// <remarks>
/// Guaranteed to the other adapters, while this one is Primary: every value that it collected, of a time not later than its watermark, has
/// been egressed (or was dropped with a warning), and none is still to come, as far as its components tell the truth: a stream that
/// is silent holds the watermark, for its source may be cut without a sign. Not guaranteed: that it collected all that another did, beyond
/// what gaps and silence show. Members that change something end with <see cref="Settle"/>, and tell others outside of the lock.
/// </remarks>
internal sealed partial class Ledger
{
    private readonly Lock _sync = new();
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly IItemBuffer _buffer;
    private readonly FailoverOptions _options;
    private readonly List<ComponentRecord> _components = [];
    private readonly PauseWatch _pauses;
    private float _announcedScore = float.NaN;
    private long _watermark = long.MinValue;
    private long _lastEgressed = long.MinValue;
    private bool _hasEgressed;
    private bool _isStale;

    /// <summary>Values that may be left of before the clock was set back: their times say nothing now, so that the watermark waits for them.</summary>
    private long _leftOfBefore;

    public Ledger(FailoverOptions options, IItemBuffer buffer, TimeProvider time, ILogger log)
    {
        (_options, _buffer, _time, _log) = (options, buffer, time, log);
        (_mode, _timeout) = (options.Mode, options.FailoverTimeout);
        var now = Instant.Now(time);
        _pauses = new PauseWatch(now);
        _secondarySince = now.Monotonic;
        _role = new RoleState(FailoverRole.Secondary, null, null, null, IsExact: false, now.Utc);
        buffer.TakingLeft = TakesLeft;
    }

    /// <summary>Whether a clock that jumps shows a pause. In a test that moves it on as it likes, it does not.</summary>
    public bool NoticesPauses { get; init; } = true;

    /// <summary>Told when the score or what it rests on has changed.</summary>
    public Action ScoreChanged { get; set; } = static () => { };

    /// <summary>Told when role or mode may want something else of components or egress.</summary>
    public Action DutiesChanged { get; set; } = static () => { };

    /// <summary>Told when there is something new to egress, or a drain may have come to its end.</summary>
    public Action Progressed { get; set; } = static () => { };

    /// <summary>Told when a read up to the cut of a handover has found nothing more.</summary>
    public Action CutCleared { get; set; } = static () => { };

    public long Collected { get; private set; }

    public long Skipped { get; private set; }

    public long Egressed { get; private set; }

    public long Rejected { get; private set; }

    public long Gaps { get; private set; }

    /// <summary>What to tell in a heartbeat.</summary>
    public AdapterReport Report()
    {
        AdapterReport report;
        lock (_sync)
        {
            var now = Instant.Now(_time);
            Enter(now);
            ReviewGaps(now);
            Settle();
            _announcedScore = CurrentScore(now);
            _isStale = false;
            report = new AdapterReport(_announcedScore, CurrentWatermark());
        }

        Tell();
        return report;
    }

    /// <summary>What a heartbeat would tell now, for people.</summary>
    public AdapterReport Peek()
    {
        lock (_sync)
        {
            return new AdapterReport(CurrentScore(Instant.Now(_time)), CurrentWatermark());
        }
    }

    /// <summary>Time passes: pauses are found, gaps are given up, what nobody else may have is sent.</summary>
    public void Tick()
    {
        bool takesRest;
        lock (_sync)
        {
            var now = Instant.Now(_time);
            Enter(now);
            _pauses.Tick(now);
            ReviewGaps(now);
            takesRest = TakesRest(now);
            Settle();
        }

        if (takesRest)
        {
            DutiesChanged();
        }

        Tell();
    }

    private long TimeOf(in DataItem item) => (_options.SourceTimestamps ? item.SourceTime : item.ReceivedTime).UtcTicks;

    private float CurrentScore(Instant now) =>
        Score.Of(_components, _mode, _role.Role == FailoverRole.Primary, now.Monotonic, _secondarySince, _timeout);

    private DateTimeOffset? CurrentWatermark()
    {
        if (_role.Role == FailoverRole.Primary)
        {
            // First how far the streams are, then what is left: a value that is added in between is later than either.
            var left = _buffer.Earliest;
            var time = Math.Min(LeastProgress(), left is { } earliest ? earliest.UtcTicks - 1 : long.MaxValue);
            _leftOfBefore = left is null ? 0 : _leftOfBefore;
            if (_leftOfBefore > 0)
            {
                time = _watermark;
            }

            // A heartbeat that told a later time than the acknowledgement will would make the service take the handover for inexact.
            if (_drain is DrainPhase.Cutting or DrainPhase.Acknowledged)
            {
                time = Math.Min(time, _cut);
            }

            _watermark = Math.Max(_watermark, time);
        }

        return _hasEgressed ? At(_watermark) : null;
    }

    /// <summary>Nothing up to this time is still to come on any stream, nor may have been missed.</summary>
    private long LeastProgress()
    {
        var least = long.MaxValue;
        foreach (var component in _components)
        {
            least = Math.Min(least, Math.Min(component.Progress, component.Gap?.Hold ?? long.MaxValue));
        }

        return least;
    }

    private static DateTimeOffset? At(long ticks) => ticks > 0 ? new DateTimeOffset(ticks, TimeSpan.Zero) : null;

    private void Enter(Instant now)
    {
        if (_pauses.FallsBack(now, out var by) && !_options.SourceTimestamps)
        {
            SetBack(by.Ticks);
        }

        if (_pauses.Finds(now, out var from) && NoticesPauses)
        {
            Paused(from.Utc, now);
        }
    }

    /// <summary>
    /// The wall clock was set back, and times of receipt count: how far everything was, was by the old one. What is lower than need be only
    /// lets the others keep more.
    /// </summary>
    private void SetBack(long by)
    {
        _watermark -= _watermark == long.MinValue ? 0 : by;
        _components.ForEach(c => c.SetBack(by));
        _leftOfBefore = _buffer.Count;
    }

    /// <summary>Looks whether the score has changed since it was last told.</summary>
    private void Settle()
    {
        var score = CurrentScore(Instant.Now(_time));
        if (!score.Equals(_announcedScore))
        {
            _announcedScore = score;
            _isStale = true;
        }
    }

    private void Tell()
    {
        if (_isStale)
        {
            _isStale = false;
            ScoreChanged();
        }
    }
}
