namespace ClientFailover.Engine.Tests.Properties;

/// <summary>
/// Responsible for knowing, from the commands alone, which sessions the specification calls live and candidates. It
/// shares nothing with the engine; where the specification leaves a time open it keeps both ends.
/// </summary>
internal sealed class HearingModel(EngineSettings settings)
{
    private TimeSpan timeout;

    internal Dictionary<string, Hearing> Sessions { get; } = [];

    /// <summary>The failover timeout, and with it the deadlines, when the group exists.</summary>
    internal bool Exists { get; private set; }

    private TimeSpan Tolerance =>
        settings.HeartbeatTolerance ?? (timeout / 8 < TimeSpan.FromSeconds(2) ? timeout / 8 : TimeSpan.FromSeconds(2));

    /// <summary>A live candidate for certain.</summary>
    internal bool IsCertainCandidate(string id, Now now) =>
        Sessions.TryGetValue(id, out var s) && s.CertainlyCandidate && !s.IsSecondaryByOrder && now.Monotonic < s.Earliest;

    /// <summary>Live, as far as can be told.</summary>
    internal bool MayBeLive(string id, Now now) =>
        Sessions.TryGetValue(id, out var s) && s.Heard && now.Monotonic < s.Latest;

    internal void Observe(GroupCommand command, Decision decision, Snapshot before)
    {
        switch (command)
        {
            case PostHeartbeat c when decision.Refusal is null or { Kind: RefusalKind.HeartbeatTooSoon }:
                Heartbeat(c, decision.Refusal is null, before);
                break;
            case StreamHello c when decision.Refusal is null:
                Hello(c, before);
                break;
            case StreamEnded c:
                StreamEnded(c);
                break;
            case WithdrawConnectionLossHint c:
                Withdraw(c.SessionId);
                break;
            case RegisterAgain c when Sessions.TryGetValue(c.SessionId, out var s):
                s.CertainlyCandidate = false;
                break;
            case ServiceWasAbsent c:
                Absent(c, before);
                break;
            default:
                break;
        }

        Apply(decision.Events ?? [], command.Now);
    }

    /// <summary>The service started again: only the recorded Primary is presumed live.</summary>
    internal void Restart(Now now, Snapshot after)
    {
        foreach (var session in Sessions.Values)
        {
            session.Stream = null;
            session.StepDown = false;
        }

        RenewAll(now, after.Primary);
    }

    private void Heartbeat(PostHeartbeat c, bool accepted, Snapshot before)
    {
        if (!Sessions.TryGetValue(c.SessionId, out var session))
        {
            return;
        }

        EndSilence(c.SessionId, c.Now, before.Primary);

        // A refused heartbeat changes nothing but the deadline: it does not make a lost session a candidate again.
        session.CertainlyCandidate &= c.Now.Monotonic < session.Earliest;
        var deadline = c.Now.Monotonic + timeout + (c.OnStream ? TimeSpan.Zero : Tolerance);
        session.RenewTo(deadline, deadline);
        session.Heard = session.HeardSinceAbsence = true;
        if (accepted)
        {
            session.Posted = true;
            session.CertainlyCandidate = true;
            session.Score = c.FailoverScore;
        }
    }

    /// <summary>"When no session was live, the recorded Primary is presumed live for FT/2 + tolerance from the first heartbeat".</summary>
    private void EndSilence(string heard, Now now, string? primary)
    {
        if (primary is null || primary == heard || Sessions.Values.Any(s => s.Heard && now.Monotonic < s.Earliest))
        {
            return;
        }

        var recorded = Sessions[primary];
        var presumed = now.Monotonic + (timeout / 2) + Tolerance;
        recorded.Latest = recorded.Latest > presumed ? recorded.Latest : presumed;
    }

    private void Hello(StreamHello c, Snapshot before)
    {
        if (Sessions.TryGetValue(c.SessionId, out var session))
        {
            EndSilence(c.SessionId, c.Now, before.Primary);
            session.RenewTo(c.Now.Monotonic + timeout, c.Now.Monotonic + timeout + Tolerance);
            session.Heard = session.HeardSinceAbsence = true;
            session.CertainlyCandidate = false;
            session.Stream = c.StreamId;
            session.StepDown = c.StepDown;
        }
    }

    private void StreamEnded(StreamEnded c)
    {
        if (!Sessions.TryGetValue(c.SessionId, out var session) || session.Stream != c.StreamId)
        {
            return;
        }

        session.Stream = null;
        if (c.BrokenByPeer && !session.StepDown && c.Now.Monotonic < session.Latest)
        {
            var hinted = c.Now.Monotonic + settings.ConnectionLossGrace;
            session.BeforeHint ??= (session.Earliest, session.Latest);
            session.Earliest = Min(session.Earliest, hinted);
            session.Latest = session.HeardSinceAbsence ? Min(session.Latest, hinted) : session.Latest;
        }
    }

    private void Withdraw(string id)
    {
        if (Sessions.TryGetValue(id, out var session) && session.BeforeHint is { } hint)
        {
            session.Latest = hint.Latest;
            session.BeforeHint = null;
        }
    }

    private void Absent(ServiceWasAbsent c, Snapshot before)
    {
        if (c.Gap is { } gap && gap <= timeout / 4)
        {
            foreach (var session in Sessions.Values)
            {
                session.Earliest += gap;
                session.Latest += gap;
                session.BeforeHint = session.BeforeHint is { } hint ? (hint.Earliest + gap, hint.Latest + gap) : null;
            }
        }
        else
        {
            RenewAll(c.Now, before.Primary);
        }
    }

    private void RenewAll(Now now, string? primary)
    {
        foreach (var (id, session) in Sessions)
        {
            session.RenewTo(now.Monotonic + timeout, now.Monotonic + timeout + Tolerance);
            session.HeardSinceAbsence = session.Posted = session.CertainlyCandidate = false;
            session.Heard = id == primary;
        }
    }

    private void Apply(IReadOnlyList<GroupEvent> events, Now now)
    {
        foreach (var change in events)
        {
            switch (change)
            {
                case GroupCreated e:
                    timeout = e.Configuration.FailoverTimeout;
                    Exists = true;
                    Sessions.Clear();
                    break;
                case GroupDeleted:
                    Exists = false;
                    Sessions.Clear();
                    break;
                case SessionRegistered e:
                    Sessions[e.SessionId] = new Hearing { Earliest = now.Monotonic, Latest = now.Monotonic + timeout + Tolerance };
                    break;
                case SessionUnregistered e:
                    Sessions.Remove(e.SessionId);
                    break;
                case RoleOverrideChanged e when Sessions.TryGetValue(e.SessionId, out var session):
                    session.Override = e.Value;
                    session.OverrideExpires = e.Expires;
                    break;
                default:
                    break;
            }
        }
    }

    private static TimeSpan Min(TimeSpan left, TimeSpan right) => left < right ? left : right;
}
