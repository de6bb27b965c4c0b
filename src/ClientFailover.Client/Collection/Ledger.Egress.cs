using ClientFailover.Client.Egress;

namespace ClientFailover.Client.Collection;

/// <summary>What the egress may send, what it sends, and how a handover is prepared.</summary>
internal sealed partial class Ledger
{
    private long _permitVersion;
    private long _sending = long.MinValue;
    private bool _isSending;
    private DrainPhase _drain;
    private long _cut;
    private long _appendedUpToCut;
    private bool _isCutClear;
    private bool _isStopping;

    /// <summary>Whether this adapter is still Primary by its own clock; asked before every batch.</summary>
    public Func<bool> HasLease { get; set; } = static () => true;

    /// <summary>What the egress may send now.</summary>
    public EgressPermit Permit()
    {
        lock (_sync)
        {
            var isPrimary = _role.Role == FailoverRole.Primary;
            if (isPrimary && _drain is (DrainPhase.None or DrainPhase.Cutting))
            {
                return new EgressPermit(true, _drain == DrainPhase.Cutting ? At(_cut) : null, null, _role.Term, _replayBefore, _permitVersion, _appendedUpToCut);
            }

            // Two senders are what an adapter that steps down is to prevent.
            return !isPrimary && _ownUpTo is { } own && _options.OnServiceLost == OnServiceLost.KeepRole
                ? new EgressPermit(true, null, own, _ownTerm, _replayBefore, _permitVersion, _appendedUpToCut)
                : new EgressPermit(false, null, null, null, default, _permitVersion, 0);
        }
    }

    /// <summary>A batch was read under a permit and is about to be sent.</summary>
    /// <returns>False: the permit is no longer valid.</returns>
    public bool TrySend(in EgressPermit permit, IReadOnlyList<DataItem> items)
    {
        if (permit.OwnUpTo is null && !HasLease())
        {
            return false;
        }

        lock (_sync)
        {
            if (permit.Version != _permitVersion)
            {
                return false;
            }

            if (items[0].ReceivedTime > _ownUpTo)
            {
                _ownUpTo = null;
                Mark();
            }

            if (permit.OwnUpTo is null || _ownUpTo is not null)
            {
                _isSending = true;
                _sending = items.Max(i => TimeOf(i));
                return true;
            }
        }

        DutiesChanged();
        return false;
    }

    /// <summary>A batch is no longer being sent.</summary>
    /// <param name="taken">How many values the destination took.</param>
    /// <param name="rejected">How many it will never take.</param>
    public void Sent(int taken, int rejected)
    {
        lock (_sync)
        {
            _isSending = false;
            Egressed += taken;
            Rejected += rejected;
            if (taken + rejected > 0)
            {
                _lastEgressed = Math.Max(_lastEgressed, _sending);
                _hasEgressed = true;
                _buffer.Complete();
                _leftOfBefore = Math.Max(0, _leftOfBefore - taken - rejected);
            }
        }

        Progressed();
    }

    /// <summary>A read under a permit found nothing to send.</summary>
    public void Emptied(in EgressPermit permit)
    {
        bool isCutClear;
        var isOwnSent = false;
        lock (_sync)
        {
            isCutClear = _drain == DrainPhase.Cutting && permit.Version == _permitVersion && permit.Appended == _appendedUpToCut;
            _isCutClear = isCutClear;
            if (_ownUpTo is not null && _role.Role != FailoverRole.Primary && _buffer.Count == 0)
            {
                (_ownUpTo, isOwnSent) = (null, true);
                Mark();
            }
        }

        if (isCutClear)
        {
            CutCleared();
        }

        if (isOwnSent)
        {
            DutiesChanged();
        }
    }

    /// <summary>The adapter stops: whoever takes over in warm or cold mode has not begun to collect yet.</summary>
    public void Stop()
    {
        lock (_sync)
        {
            _isStopping = true;
        }
    }

    /// <summary>Whether a batch is at the destination.</summary>
    public bool IsSending
    {
        get
        {
            lock (_sync)
            {
                return _isSending;
            }
        }
    }

    /// <summary>Whether a batch that is at the destination may be waited for: during a handover and a stop in order it is.</summary>
    public bool MayFinishBatch
    {
        get
        {
            lock (_sync)
            {
                return _role.Role == FailoverRole.Primary || (_ownUpTo is not null && _options.OnServiceLost == OnServiceLost.KeepRole);
            }
        }
    }

    /// <summary>
    /// Whether to go on a while before handing over: in warm and cold mode the successor begins to collect when this adapter is ordered to
    /// hand over, and nobody else has what is missed until then.
    /// </summary>
    public bool OverlapsHandover
    {
        get
        {
            lock (_sync)
            {
                return _mode != FailoverMode.Hot && !_isStopping && CurrentScore(Instant.Now(_time)) > 0;
            }
        }
    }

    /// <summary>Begins to hand over. Where it can be exact, what is not later than a cut is still sent, else nothing is.</summary>
    /// <returns>Whether it can be exact.</returns>
    public bool BeginDrain()
    {
        bool canBeExact;
        lock (_sync)
        {
            Enter(Instant.Now(_time));
            var egressed = Math.Max(_lastEgressed, _isSending ? _sending : long.MinValue);
            _cut = Math.Max(egressed, _watermark);
            if (_mode != FailoverMode.Hot)
            {
                // What was collected before the successor began is in nobody else's buffer: the handover is exact if all of it is sent.
                _cut = Math.Max(_cut, _components.Max(c => c.Newest));
            }

            (_appendedUpToCut, _isCutClear) = (0, false);

            // What may have been missed cannot be vouched for; and a stop promotes whoever is there, without asking.
            canBeExact = !_isStopping && _options.SourceTimestamps && At(egressed) is not null && _components.TrueForAll(c => c.Gap is null);
            _drain = canBeExact ? DrainPhase.Cutting : DrainPhase.Over;
            _permitVersion++;
        }

        DutiesChanged();
        return canBeExact;
    }

    /// <summary>Looks whether everything up to the cut was sent and nothing up to it is still to come; then it is acknowledged.</summary>
    /// <remarks>
    /// What the buffer says of its earliest value may be too early while a part of it is on the disk alone; a read up to the cut that finds
    /// nothing says more.
    /// </remarks>
    public DateTimeOffset? TryCut()
    {
        lock (_sync)
        {
            Enter(Instant.Now(_time));
            if (_drain != DrainPhase.Cutting || _isSending || LeastProgress() < _cut || !(_isCutClear || _buffer.Earliest is not { } earliest || earliest.UtcTicks > _cut))
            {
                return null;
            }

            _drain = DrainPhase.Acknowledged;
            _permitVersion++;
            return At(_cut);
        }
    }

    /// <summary>The handover will not be exact: nothing more is sent.</summary>
    /// <returns>What can be vouched for, where it is no claim of exactness.</returns>
    public DateTimeOffset? EndDrain()
    {
        lock (_sync)
        {
            if (_drain == DrainPhase.Cutting)
            {
                _drain = DrainPhase.Over;
                _permitVersion++;
            }

            return _options.SourceTimestamps ? null : CurrentWatermark();
        }
    }

    private enum DrainPhase
    {
        None,
        Cutting,
        Acknowledged,
        Over,
    }
}
