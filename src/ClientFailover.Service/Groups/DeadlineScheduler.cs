using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>Something that has deadlines.</summary>
internal interface IDeadlineHolder
{
    /// <summary>A deadline has come.</summary>
    /// <param name="now">Now.</param>
    /// <returns>The next one, on the monotonic clock; null: none.</returns>
    TimeSpan? Tick(Now now);

    /// <summary>The service itself was absent, before any tick that is due.</summary>
    /// <param name="gap">How long; null: not known, or a clock jumped.</param>
    void WasAbsent(TimeSpan? gap);

    /// <summary>
    /// When the next tick is armed for, on the monotonic clock; <see cref="TimeSpan.MaxValue"/>: none is. Only the scheduler
    /// sets it, under its lock; others may read it at any time, so it must not be torn.
    /// </summary>
    TimeSpan ArmedFor { get; set; }
}

/// <summary>
/// Responsible for the deadlines of all groups: one queue, lazily re-armed, so that a heartbeat never touches it.
/// Notices when the service itself was absent (suspended, starved, its clocks moved apart), and says so to everybody
/// before any deadline may run out. Does not wait by itself: <see cref="DeadlineThread"/> does.
/// </summary>
/// <param name="clock">The clock.</param>
/// <param name="logger">Takes what should never happen.</param>
internal sealed partial class DeadlineScheduler(ServiceClock clock, ILogger<DeadlineScheduler> logger) : IDisposable
{
    /// <summary>The longest that the thread sleeps; also how fine an absence can be told.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(50);

    /// <summary>How long the thread must have been kept from running for the service to count as absent.</summary>
    public static readonly TimeSpan AbsenceThreshold = TimeSpan.FromMilliseconds(200);

    private const int FewestToCompact = 1_024;

    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly PriorityQueue<IDeadlineHolder, TimeSpan> _queue = new();
    private readonly AutoResetEvent _earlier = new(false);
    private int _compactAt = FewestToCompact;
    private TimeSpan _seen = clock.Monotonic;
    private TimeSpan _offset = OffsetOf(clock.Now);
    private TimeSpan _waitsUntil = TimeSpan.MaxValue;

    /// <summary>How many entries the queue holds, with those that an earlier one has replaced.</summary>
    public int Entries
    {
        get
        {
            lock (_gate)
            {
                return _queue.Count;
            }
        }
    }

    /// <summary>Everybody who is to hear of an absence.</summary>
    public Func<IEnumerable<IDeadlineHolder>> Everybody { get; set; } = () => [];

    /// <summary>Makes sure that a tick comes at a time; a tick that is armed for an earlier one is enough.</summary>
    /// <param name="holder">Whose tick.</param>
    /// <param name="deadline">When, on the monotonic clock.</param>
    public void Arm(IDeadlineHolder holder, TimeSpan deadline)
    {
        lock (_gate)
        {
            if (holder.ArmedFor <= deadline)
            {
                return;
            }

            holder.ArmedFor = deadline;
            _queue.Enqueue(holder, deadline);
            Compact();
            if (deadline >= _waitsUntil)
            {
                return;
            }
        }

        _earlier.Set();
    }

    /// <summary>Ticks everybody whose deadline has come.</summary>
    /// <returns>How long to wait until it makes sense to call this again.</returns>
    public TimeSpan RunDue()
    {
        while (true)
        {
            var now = NoticeAbsence();
            if (Take(now, out var wait) is not { } holder)
            {
                return wait;
            }

            if (Tick(holder, now) is { } next)
            {
                Arm(holder, next);
            }
        }
    }

    /// <summary>Waits, but no longer than until an earlier deadline is armed.</summary>
    /// <param name="time">How long.</param>
    public void Wait(TimeSpan time)
    {
        // Whole milliseconds: a shorter wait cannot be asked for, and spinning would cost the heartbeats more.
        _earlier.WaitOne(time > TimeSpan.Zero ? (int)Math.Ceiling(time.TotalMilliseconds) : 0);
    }

    /// <inheritdoc/>
    public void Dispose() => _earlier.Dispose();

    /// <summary>A group that a defect keeps from its rules must not take all others with it.</summary>
    private TimeSpan? Tick(IDeadlineHolder holder, Now now)
    {
        try
        {
            return holder.Tick(now);
        }
        catch (Exception e)
        {
            LogTickFailed(logger, e);
            return now.Monotonic + AfterFailure;
        }
    }

    private void TellAbsent(IDeadlineHolder holder, TimeSpan? gap)
    {
        try
        {
            holder.WasAbsent(gap);
        }
        catch (Exception e)
        {
            LogTickFailed(logger, e);
        }
    }

    /// <summary>Entries that an earlier one has replaced stay until their time; far ones must not pile up.</summary>
    private void Compact()
    {
        if (_queue.Count < _compactAt)
        {
            return;
        }

        var live = _queue.UnorderedItems.Where(e => e.Element.ArmedFor == e.Priority).Distinct().ToList();
        _queue.Clear();
        _queue.EnqueueRange(live);
        _compactAt = Math.Max(FewestToCompact, 2 * live.Count);
    }

    private static TimeSpan OffsetOf(Now now) => (now.Utc - DateTime.UnixEpoch) - now.Monotonic;

    private IDeadlineHolder? Take(Now now, out TimeSpan wait)
    {
        lock (_gate)
        {
            while (_queue.TryPeek(out var holder, out var due))
            {
                if (holder.ArmedFor != due)
                {
                    _queue.Dequeue();
                    continue;
                }

                if (due > now.Monotonic)
                {
                    break;
                }

                _queue.Dequeue();
                holder.ArmedFor = TimeSpan.MaxValue;
                wait = TimeSpan.Zero;
                return holder;
            }

            wait = _queue.TryPeek(out _, out var next) && next - now.Monotonic < LongestWait ? next - now.Monotonic : LongestWait;
            _waitsUntil = now.Monotonic + wait;
            return null;
        }
    }

    private Now NoticeAbsence()
    {
        var now = clock.Now;
        var gap = now.Monotonic - _seen;
        var jump = OffsetOf(now) - _offset;
        (_seen, _offset) = (now.Monotonic, OffsetOf(now));
        var jumped = jump.Duration() > AbsenceThreshold;
        if (gap > AbsenceThreshold + LongestWait || jumped)
        {
            foreach (var holder in Everybody())
            {
                TellAbsent(holder, jumped ? null : gap);
            }

            now = clock.Now;
            (_seen, _offset) = (now.Monotonic, OffsetOf(now));
        }

        return now;
    }

    [LoggerMessage(1010, LogLevel.Critical, "The deadlines of a group could not be judged; they are tried again in a second. This is a defect: report it.")]
    private static partial void LogTickFailed(ILogger logger, Exception exception);
}
