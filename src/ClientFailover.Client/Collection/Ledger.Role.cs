namespace ClientFailover.Client.Collection;

/// <summary>Role and mode, and what they let the egress do.</summary>
internal sealed partial class Ledger
{
    /// <summary>An administrator's order, in the words of the group's history.</summary>
    private const string Ordered = "RoleOverride";

    private RoleState _role;
    private FailoverMode _mode;
    private TimeSpan _timeout;
    private TimeSpan _primarySince;
    private TimeSpan _secondarySince;
    private DateTimeOffset _replayBefore;
    private DateTimeOffset? _group;
    private DateTimeOffset? _exactCut;

    /// <summary>What was received until then is in no other adapter's buffer: it is sent, not trimmed. Null: nothing is.</summary>
    private DateTimeOffset? _ownUpTo;

    /// <summary>The term in which this adapter was Primary last: to send in that of its successor would make both the same to the destination. Null: not since its start.</summary>
    private long? _ownTerm;

    public RoleState Role
    {
        get
        {
            lock (_sync)
            {
                return _role;
            }
        }
    }

    public FailoverMode Mode
    {
        get
        {
            lock (_sync)
            {
                return _mode;
            }
        }
    }

    /// <summary>How far components are to go now.</summary>
    public ComponentPhase Target
    {
        get
        {
            lock (_sync)
            {
                return (_mode, _role.Role) switch
                {
                    (FailoverMode.Hot, _) or (_, not FailoverRole.Secondary) => ComponentPhase.Collecting,
                    (FailoverMode.Warm, _) => ComponentPhase.Connected,
                    _ => ComponentPhase.Stopped,
                };
            }
        }
    }

    /// <summary>What is not later was egressed by some Primary, even if clocks differ a little.</summary>
    private DateTimeOffset? SafeBound => _group - (_timeout / 2);

    public void ChangeMode(FailoverMode mode)
    {
        lock (_sync)
        {
            if (_mode == mode)
            {
                return;
            }

            var now = Instant.Now(_time);
            Enter(now);
            _mode = mode;

            // For the next connection to tell.
            _options.Mode = mode;
            if (_role.Role != FailoverRole.Primary)
            {
                _secondarySince = now.Monotonic;
            }

            if (mode != FailoverMode.Hot)
            {
                _components.ForEach(c => c.Gap = null);
            }
            else if (_role.Role == FailoverRole.Primary && _buffer.Count > 0)
            {
                // Collected while nobody else did.
                _ownUpTo = LatestOf(now);
            }

            Mark();
            _permitVersion++;
            Settle();
        }

        DutiesChanged();
        Tell();
    }

    public void Assume(RoleState state, TimeSpan failoverTimeout)
    {
        lock (_sync)
        {
            var now = Instant.Now(_time);
            Enter(now);
            _timeout = failoverTimeout;
            var was = _role.Role;
            if (was != FailoverRole.Primary && state.LastDataProcessedTime > _group)
            {
                // The successor lets the group's time move: it has long been there.
                ForgetRest();
            }

            var hadTime = _group is not null;
            _group = state.LastDataProcessedTime ?? _group;
            if (state.Role == FailoverRole.Primary)
            {
                if (was != FailoverRole.Primary)
                {
                    Promoted(state, now);
                }
            }
            else
            {
                if (was == FailoverRole.Primary)
                {
                    Demoted(state, now, hadTime);
                }

                if (_ownUpTo is null && SafeBound is { } bound)
                {
                    _buffer.Trim(bound);
                }
            }

            _role = state;
            _drain = DrainPhase.None;
            _permitVersion++;
            ReviewGaps(now);
            Settle();
        }

        DutiesChanged();
        Tell();
    }

    private void Promoted(RoleState state, Instant now)
    {
        // What came with the role may say that nothing of what was missed is needed; as Primary it will learn of no more.
        ReviewGaps(now);
        if (_group is null)
        {
            // Nobody has egressed anything yet: there is no time that could pass what only others have.
            _components.ForEach(c => c.Gap = c.Gap is { IsOfStart: true } ? null : c.Gap);
        }

        ForgetRest();
        _primarySince = now.Monotonic;
        _replayBefore = now.Utc;
        _exactCut = state.IsExact && _options.SourceTimestamps ? state.LastDataProcessedTime : null;
        _components.ForEach(c => c.TakeOver());
        if (_ownUpTo is not null)
        {
            return;
        }

        if (_exactCut is { } cut)
        {
            _buffer.TrimExact(cut);
        }
        else if (SafeBound is { } bound)
        {
            _buffer.Trim(bound);
        }

        _leftOfBefore = Math.Min(_leftOfBefore, _buffer.Count);
    }

    private void Demoted(RoleState state, Instant now, bool hadTime)
    {
        _secondarySince = _relievedAt = now.Monotonic;
        _ownTerm = _role.Term;
        _exactCut = null;
        _ = CurrentWatermark();

        // After an exact handover by score the successor has long been there. Otherwise it may have just started.
        var hasLongBeenThere = _drain == DrainPhase.Acknowledged && state.Reason is not (null or Ordered);
        _restUpTo = _mode != FailoverMode.Hot || hasLongBeenThere || _options.OnServiceLost == OnServiceLost.StepDown ? null : LatestOf(now) + (_timeout / 2);

        if (_buffer.Count == 0)
        {
            _ownUpTo = null;
        }
        else if (_mode != FailoverMode.Hot)
        {
            // After an exact handover the successor has collected from where this one stopped.
            _ownUpTo = _drain == DrainPhase.Acknowledged && !_isStopping ? null : LatestOf(now);
        }
        else if (_options.OnServiceLost == OnServiceLost.KeepRole && (IsWaitingForLong(now) || (!hadTime && !_hasEgressed && _drain != DrainPhase.Acknowledged)))
        {
            // The successor may have begun to collect one timeout ago, and has for sure only what was received here in the later half of it. Where
            // the group has no time yet, it holds none that tells whether it had just started. Twice is better than never.
            _ownUpTo = LatestOf(now);
        }

        Mark();
    }

    /// <summary>The destination has been away.</summary>
    private bool IsWaitingForLong(Instant now) => _buffer.EarliestReceived < now.Utc - (_timeout / 2);

    /// <summary>Another mode may be set at the next start: the buffer must remember what this one, and the role, mean for what it holds.</summary>
    private void Mark() => _buffer.IsUnshared = _mode != FailoverMode.Hot || _ownUpTo is not null || _restUpTo is not null;

    /// <summary>Not earlier than what is buffered, even if the clock was set back since.</summary>
    private DateTimeOffset LatestOf(Instant now) => _buffer.LatestReceived is { } latest && latest > now.Utc ? latest : now.Utc;
}
