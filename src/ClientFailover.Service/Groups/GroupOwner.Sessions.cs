using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>What sessions tell, over unary calls and over streams.</summary>
internal sealed partial class GroupOwner
{
    private static readonly Refusal NotFound = new(RefusalKind.SessionNotFound);
    private static readonly Refusal GroupMissing = new(RefusalKind.GroupNotFound);

    /// <summary>Adapters that people were told of; null: none, as nearly always.</summary>
    private AdapterCheck? _oddities;

    /// <inheritdoc/>
    public ValueTask<HeartbeatResult> HeartbeatAsync(string sessionId, HeartbeatReport report, CancellationToken cancellation)
    {
        RoleRecord? promotion;
        lock (_gate)
        {
            var session = _state.Find(sessionId);
            var result = Heartbeat(sessionId, session, report, onStream: false);
            if (result.Refusal is not null || (promotion = _announcements.PromotionOf(session!)) is null)
            {
                return new ValueTask<HeartbeatResult>(new HeartbeatResult(result.Reply, result.Refusal));
            }
        }

        return HeartbeatAfterAsync(promotion, sessionId, cancellation);
    }

    /// <inheritdoc/>
    public LinkResult HeartbeatOnLink(string sessionId, IAdapterLink link, HeartbeatReport report)
    {
        lock (_gate)
        {
            return link.Session is not { } session ? default : Heartbeat(sessionId, session, report, onStream: true);
        }
    }

    /// <inheritdoc/>
    public LinkResult OpenLink(string sessionId, IAdapterLink link, LinkHello hello)
    {
        IAdapterLink? replaced;
        LinkResult result;
        lock (_gate)
        {
            if (IsLeaving(sessionId) || _state.Find(sessionId) is not { } session)
            {
                return new LinkResult(null, 0, NotFound);
            }

            // Before the hello: what it leads to may have to be pushed to this stream.
            _links ??= new Dictionary<string, IAdapterLink>(1, StringComparer.OrdinalIgnoreCase);
            if (_links.TryGetValue(session.Id, out replaced))
            {
                replaced.Session = null;
            }

            link.Session = session;
            _links[session.Id] = link;
            Apply(new StreamHello(
                _services.Clock.Now, sessionId, link.Id, hello.LastKnownTerm, hello.StepDown, hello.SourceTimestamps));
            result = Answer(session);
        }

        replaced?.End(LinkEnd.Replaced);
        return result;
    }

    /// <inheritdoc/>
    public bool CloseLink(string sessionId, IAdapterLink link, bool brokenByPeer)
    {
        lock (_gate)
        {
            if (link.Session is null)
            {
                return false;
            }

            link.Session = null;
            _links!.Remove(sessionId);
            Apply(new StreamEnded(_services.Clock.Now, sessionId, link.Id, brokenByPeer));
            return true;
        }
    }

    /// <inheritdoc/>
    public void ForgiveBrokenLink(string sessionId)
    {
        lock (_gate)
        {
            Apply(new WithdrawConnectionLossHint(_services.Clock.Now, sessionId));
        }
    }

    /// <inheritdoc/>
    public void Acknowledge(string sessionId, IAdapterLink link, long term, DateTime? finalLastDataProcessedTime)
    {
        lock (_gate)
        {
            if (link.Session is not null)
            {
                Apply(new AcknowledgeAssignment(_services.Clock.Now, sessionId, term, finalLastDataProcessedTime));
            }
        }
    }

    private async ValueTask<HeartbeatResult> HeartbeatAfterAsync(RoleRecord promotion, string sessionId, CancellationToken cancellation)
    {
        await promotion.Announced.WaitAsync(cancellation).ConfigureAwait(false);
        lock (_gate)
        {
            return _state.Find(sessionId) is { } session
                ? new HeartbeatResult(Answer(session).Reply, null)
                : new HeartbeatResult(null, NotFound);
        }
    }

    private LinkResult Heartbeat(string sessionId, Session? session, HeartbeatReport report, bool onStream)
    {
        if (session is null || IsLeaving(sessionId))
        {
            return new LinkResult(null, 0, _state.Configuration is null ? GroupMissing : NotFound);
        }

        var now = _services.Clock.Now;
        var decision = Decider.Heartbeat(_state, session, now, report, onStream);
        Conclude(decision, now.Monotonic);
        if (decision.Refusal is not null)
        {
            return new LinkResult(null, 0, decision.Refusal);
        }

        if (AdapterCheck.Find(session, _state.Configuration!.FailoverTimeout, report, now.Utc) is { } finding)
        {
            Warn(session, finding, report, now.Utc);
        }
        else if (!onStream)
        {
            _oddities?.EndLongInterval(session.Id);
        }

        return Answer(session);
    }

    private LinkResult Answer(Session session)
    {
        var reply = new RoleReply(_announcements.RoleOf(session), _announcements.Term, _state.LastDataProcessedTime);
        return new LinkResult(reply, _announcements.AnnouncedSequence, null);
    }

    /// <summary>Tells people once of an adapter that is set up in a way that will cost data. Logging is not done under the lock.</summary>
    private void Warn(Session session, AdapterFinding finding, HeartbeatReport report, DateTime utc)
    {
        if (!(_oddities ??= new AdapterCheck()).IsNew(session.Id, finding))
        {
            return;
        }

        var (id, interval, timeout) = (session.Id, session.Interval, _state.Configuration!.FailoverTimeout);
        var ahead = AdapterCheck.Ahead(report, utc);
        ThreadPool.UnsafeQueueUserWorkItem(
            _ =>
            {
                if (finding == AdapterFinding.LongInterval)
                {
                    LogLongInterval(_services.Logger, Key, id, interval.TotalSeconds, timeout.TotalSeconds, timeout.TotalSeconds / 2);
                }
                else
                {
                    LogClockAhead(_services.Logger, Key, id, ahead.TotalSeconds);
                }
            },
            null);
    }
}
