using ClientFailover.Client.Connection.Roles;

namespace ClientFailover.Client.Connection.Sessions;

/// <summary>Responsible for the heartbeats of a session: when the next one is due, what is in it, and which are still to be answered.</summary>
internal sealed class Heartbeats
{
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(1);

    private readonly ILink _link;
    private readonly RoleKeeper _roles;
    private readonly MemberCalls _member;
    private readonly TimeProvider _time;
    private readonly Lock _gate = new();
    private readonly Queue<(long Sequence, Lease.Instant Sent)> _unanswered = new();
    private readonly BeatSchedule _schedule;
    private readonly long _started;
    private long _sequence;

    /// <summary>Prepares it.</summary>
    /// <param name="link">The link, not owned.</param>
    /// <param name="roles">Keeps the role.</param>
    /// <param name="member">The member.</param>
    /// <param name="time">The clock.</param>
    public Heartbeats(ILink link, RoleKeeper roles, MemberCalls member, TimeProvider time)
    {
        (_link, _roles, _member, _time) = (link, roles, member, time);
        _schedule = new BeatSchedule(link.Kind);
        _schedule.Set(link.Welcome.FailoverTimeout, link.Welcome.HeartbeatInterval);
        _started = time.GetTimestamp();
    }

    /// <summary>Whether the service has answered one.</summary>
    public bool WasAnswered { get; private set; }

    /// <summary>Whether one may be sent that is not due.</summary>
    public bool MaySend
    {
        get
        {
            lock (_gate)
            {
                return _schedule.MayBeat(Now);
            }
        }
    }

    private TimeSpan Now => _time.GetElapsedTime(_started);

    // Not the shortest that would do: a service that is only slow is not to be left.
    private TimeSpan Patience => _roles.FailoverTimeout / 2 is var half && half > LeastPatience ? half : LeastPatience;

    /// <summary>How long nothing is to be done; zero or less: one is due.</summary>
    /// <exception cref="LinkException">The service has not answered for too long.</exception>
    public TimeSpan Wait()
    {
        lock (_gate)
        {
            var wait = _schedule.Due - Now;
            if (_link.Kind == ConnectionState.Stream && _unanswered.TryPeek(out var oldest))
            {
                var left = Patience - _time.GetElapsedTime(oldest.Sent.Monotonic);
                if (left <= TimeSpan.Zero)
                {
                    throw new LinkException(LinkFailure.Unreachable, $"The service has not answered for {Patience.TotalSeconds:0.0} s.");
                }

                wait = left < wait ? left : wait;
            }

            return wait;
        }
    }

    /// <summary>The next one is to be sent as soon as one is allowed.</summary>
    public void Soon()
    {
        lock (_gate)
        {
            _schedule.Soon();
        }
    }

    /// <summary>The group's failover timeout has changed.</summary>
    /// <param name="failoverTimeout">The group's.</param>
    public void Set(TimeSpan failoverTimeout)
    {
        lock (_gate)
        {
            _schedule.Set(failoverTimeout, failoverTimeout / 2);
        }
    }

    /// <summary>Asks the member, and sends one.</summary>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="LinkException">The link has ended, or the service does not read.</exception>
    public async Task SendAsync(CancellationToken cancellation)
    {
        lock (_gate)
        {
            _schedule.Asks();
        }

        var report = await _member.ReportAsync().ConfigureAwait(false);
        Beat beat;
        lock (_gate)
        {
            beat = new Beat(++_sequence, report, _time.GetUtcNow());
            _unanswered.Enqueue((beat.Sequence, _roles.Now));
            _schedule.Sent(Now);
        }

        if (_link.Kind == ConnectionState.Rest)
        {
            await _link.BeatAsync(beat, cancellation).ConfigureAwait(false);
            return;
        }

        // A service that does not read would hold the write up for ever.
        using var patience = new CancellationTokenSource(Patience, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            await _link.BeatAsync(beat, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (!cancellation.IsCancellationRequested)
        {
            throw new LinkException(LinkFailure.Unreachable, "The service does not read what is sent to it.", e);
        }
    }

    /// <summary>The service has answered.</summary>
    /// <param name="sequence">The heartbeat's.</param>
    /// <param name="role">The role.</param>
    public void Answered(long sequence, FailoverRole role)
    {
        lock (_gate)
        {
            Settle(sequence, isSignOfLife: true);
            _schedule.Answered(Now, role);
        }
    }

    /// <summary>One was refused as too soon. Over a stream it was a sign of life; over REST a proxy may refuse what never reaches the service.</summary>
    /// <param name="told">What was said.</param>
    public void TooSoon(Told.TooSoon told)
    {
        lock (_gate)
        {
            Settle(told.Sequence ?? 0, isSignOfLife: _link.Kind == ConnectionState.Stream);
            _schedule.TooSoon(Now, told.RetryAfter);
        }
    }

    /// <summary>One was refused for what it says. The service is there, but it does not know that this adapter is.</summary>
    /// <param name="told">What the service said.</param>
    public void Invalid(Told.Invalid told)
    {
        lock (_gate)
        {
            Settle(told.Sequence ?? 0, isSignOfLife: false);
        }
    }

    // The service keeps the newest answer only when this end is slow: it answers all that was sent before.
    private void Settle(long sequence, bool isSignOfLife)
    {
        while (_unanswered.TryPeek(out var oldest) && oldest.Sequence <= sequence)
        {
            _unanswered.Dequeue();
            if (isSignOfLife)
            {
                _roles.Answered(oldest.Sent);
                WasAnswered = true;
            }
        }
    }
}
