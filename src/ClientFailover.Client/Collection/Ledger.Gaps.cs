namespace ClientFailover.Client.Collection;

/// <summary>Gaps: when they open, what they hold, and who may close them.</summary>
/// <remarks>
/// Only in hot mode, where another has what this one missed. A Primary holds its watermark and counts little until it is relieved: then the
/// other's buffer still reaches back to the gap's beginning. A Secondary counts little until the Primary has egressed past the gap's end: then
/// nothing that it misses is needed. Both give up after a while, as there may be nobody better.
/// <para>
/// What was missed before the start is held in the same way, for the group's time must not pass what only others have: an adapter that is killed
/// and is back before it is missed is still Primary. But it makes a Primary no worse, and a Secondary only for one timeout: later everything that
/// it did not get has long been received by the others, and sent, or is their own (see <see cref="Demoted"/>).
/// </para>
/// </remarks>
internal sealed partial class Ledger
{
    private const int PrimaryTimeouts = 3;
    private const int SecondaryTimeouts = 10;
    private const int RelievedTimeouts = 2;

    /// <summary>
    /// What was received until then, before this adapter was relieved or under way to it, a successor that had just started has not. It holds
    /// the group's time for <see cref="PrimaryTimeouts"/>: if that has not moved by then, what is left here is sent before. Null: nothing is.
    /// </summary>
    private DateTimeOffset? _restUpTo;

    /// <summary>When it was relieved; a change of the mode since then does not make the successor wait any longer.</summary>
    private TimeSpan _relievedAt;

    /// <summary>A component has come further, or fallen back, in its life.</summary>
    public void Enters(ComponentRecord component, ComponentPhase phase)
    {
        lock (_sync)
        {
            var now = Instant.Now(_time);
            Enter(now);
            component.Phase = phase;
            if (phase == ComponentPhase.Collecting)
            {
                component.FailedAt = null;
                if (component.Gap is null && _mode == FailoverMode.Hot && (_role.Role != FailoverRole.Primary || _group is not null))
                {
                    component.Gap = new Gap { Hold = long.MinValue, From = DateTimeOffset.MinValue, OpenedAt = now.Monotonic, Cause = "it was not started", IsOfStart = true };
                }

                component.Gap?.End(now);
            }
            else if (phase == ComponentPhase.Started)
            {
                component.Reported = 100;
            }

            Settle();
        }

        Tell();
    }

    /// <summary>A component has failed, and does not collect.</summary>
    public void Fails(ComponentRecord component)
    {
        lock (_sync)
        {
            var now = Instant.Now(_time);
            Enter(now);
            if (component.Phase == ComponentPhase.Collecting)
            {
                Open(component, now, now.Utc, "its source was lost");
                component.Gap?.Level = null;
            }

            component.Phase = ComponentPhase.Stopped;
            component.FailedAt = now.Monotonic;
            Settle();
        }

        Tell();
    }

    /// <summary>A component tells how much of its streams it reaches.</summary>
    public void Reports(ComponentRecord component, float score)
    {
        if (score is not (>= 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(score), score, "A score is between 0 and 100.");
        }

        lock (_sync)
        {
            var now = Instant.Now(_time);
            Enter(now);
            var before = component.Reported;
            component.Reported = score;
            if (score < before && component.Phase == ComponentPhase.Collecting)
            {
                Open(component, now, now.Utc, "a part of its source was lost");
                component.Gap?.Level ??= before;
            }
            else if (component.Gap is { To: null, Level: { } level } gap && score >= level)
            {
                gap.End(now);
            }

            Settle();
        }

        Tell();
    }

    /// <summary>A component has published all that it missed.</summary>
    public void CatchesUp(ComponentRecord component)
    {
        lock (_sync)
        {
            Enter(Instant.Now(_time));
            component.Gap = null;
            Settle();
        }

        Progressed();
        Tell();
    }

    private void Open(ComponentRecord component, Instant now, DateTimeOffset from, string cause)
    {
        if (_mode != FailoverMode.Hot)
        {
            Gaps += _role.Role == FailoverRole.Primary ? 1 : 0;
        }
        else if (component.Gap is { IsOfStart: false } gap)
        {
            gap.Reopen();
        }
        else
        {
            component.Gap = new Gap { Hold = component.Gap?.Hold ?? component.Progress, From = from, OpenedAt = now.Monotonic, Cause = cause };
        }
    }

    private void Paused(DateTimeOffset from, Instant now)
    {
        LogPause(_log, (now.Utc - from).TotalSeconds, from, now.Utc);
        foreach (var component in _components)
        {
            if (component.Phase == ComponentPhase.Collecting)
            {
                Open(component, now, from, "this process did not run");
                if (component.Gap is { } gap && (gap.Level is not { } level || component.Reported >= level))
                {
                    gap.End(now);
                }
            }
        }
    }

    private void ReviewGaps(Instant now)
    {
        foreach (var component in _components)
        {
            if (component.Gap is not { } gap)
            {
                continue;
            }

            var isPrimary = _role.Role == FailoverRole.Primary;
            var since = Latest(gap.To is null ? gap.OpenedAt : gap.EndedAt, isPrimary ? _primarySince : _secondarySince);
            if (isPrimary)
            {
                if ((gap.To is not null || gap.Level is not null) && now.Monotonic - since >= _timeout * PrimaryTimeouts)
                {
                    GiveUp(component, gap, now);
                }
            }
            else if (gap.To is { } to)
            {
                if (SafeBound is { } bound && bound >= to)
                {
                    component.Gap = null;
                    if (!gap.IsOfStart)
                    {
                        LogWhole(_log, component.Name);
                    }
                }
                else if (now.Monotonic - since >= _timeout * SecondaryTimeouts)
                {
                    component.Gap = null;
                    if (!gap.IsOfStart)
                    {
                        LogTakenForWhole(_log, component.Name, gap.From, to);
                    }
                }
            }
            else if (gap.Level is not null && now.Monotonic - since >= _timeout * SecondaryTimeouts)
            {
                // What it reaches has become the new measure.
                component.Gap = null;
            }
        }
    }

    /// <summary>Looks whether it is time to send what the successor may not have.</summary>
    /// <returns>Whether that has begun.</returns>
    private bool TakesRest(Instant now)
    {
        if (_restUpTo is not { } rest || now.Monotonic - _relievedAt < _timeout * RelievedTimeouts)
        {
            return false;
        }

        var takes = _buffer.EarliestReceived <= rest;
        _ownUpTo = takes ? rest : _ownUpTo;
        _permitVersion += takes ? 1 : 0;
        ForgetRest();
        return takes;
    }

    private void ForgetRest()
    {
        _restUpTo = null;
        Mark();
    }

    private void GiveUp(ComponentRecord component, Gap gap, Instant now)
    {
        component.Gap = null;
        if (!gap.IsOfStart)
        {
            Gaps++;
            LogGap(_log, component.Name, gap.Cause, gap.From, gap.To ?? now.Utc);
        }
    }

    private static TimeSpan Latest(TimeSpan a, TimeSpan b) => a > b ? a : b;
}
