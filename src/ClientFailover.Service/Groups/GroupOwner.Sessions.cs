using ClientFailover.Engine;

namespace ClientFailover.Service.Groups;

/// <summary>What sessions tell, over unary calls and over streams.</summary>
internal sealed partial class GroupOwner
{
    private static readonly Refusal NotFound = new(RefusalKind.SessionNotFound);

    /// <inheritdoc/>
    public ValueTask<HeartbeatResult> HeartbeatAsync(string sessionId, HeartbeatReport report, CancellationToken cancellation)
    {
        RoleRecord? promotion;
        lock (_gate)
        {
            var result = Heartbeat(sessionId, report, onStream: false);
            if (result.Refusal is not null || (promotion = _announcements.PromotionOf(_state.Find(sessionId)!)) is null)
            {
                return new ValueTask<HeartbeatResult>(new HeartbeatResult(result.Reply, result.Refusal));
            }
        }

        return HeartbeatAfterAsync(promotion, sessionId, cancellation);
    }

    /// <inheritdoc/>
    public LinkResult HeartbeatOnLink(string sessionId, HeartbeatReport report)
    {
        lock (_gate)
        {
            return Heartbeat(sessionId, report, onStream: true);
        }
    }

    /// <inheritdoc/>
    public LinkResult OpenLink(string sessionId, IAdapterLink link, LinkHello hello)
    {
        IAdapterLink? replaced;
        LinkResult result;
        lock (_gate)
        {
            if (IsLeaving(sessionId))
            {
                return new LinkResult(null, 0, NotFound);
            }

            var decision = Apply(new StreamHello(
                _services.Clock.Now, sessionId, link.Id, hello.LastKnownTerm, hello.StepDown, hello.SourceTimestamps));
            if (decision.Refusal is not null)
            {
                return new LinkResult(null, 0, decision.Refusal);
            }

            var session = _state.Find(sessionId)!;
            _links ??= new Dictionary<string, IAdapterLink>(1, StringComparer.OrdinalIgnoreCase);
            replaced = _links.GetValueOrDefault(session.Id);
            _links[session.Id] = link;
            result = Answer(session);
        }

        replaced?.End(LinkEnd.Replaced);
        return result;
    }

    /// <inheritdoc/>
    public void CloseLink(string sessionId, IAdapterLink link, bool brokenByPeer)
    {
        lock (_gate)
        {
            if (_links?.GetValueOrDefault(sessionId) == link)
            {
                _links.Remove(sessionId);
                Apply(new StreamEnded(_services.Clock.Now, sessionId, link.Id, brokenByPeer));
            }
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
    public void Acknowledge(string sessionId, long term, DateTime? finalLastDataProcessedTime)
    {
        lock (_gate)
        {
            Apply(new AcknowledgeAssignment(_services.Clock.Now, sessionId, term, finalLastDataProcessedTime));
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

    private LinkResult Heartbeat(string sessionId, HeartbeatReport report, bool onStream)
    {
        if (IsLeaving(sessionId))
        {
            return new LinkResult(null, 0, NotFound);
        }

        var decision = Apply(new PostHeartbeat(
            _services.Clock.Now, sessionId, report.FailoverScore, report.LastDataProcessedTime, report.HeartbeatTime, onStream));
        return decision.Refusal is null ? Answer(_state.Find(sessionId)!) : new LinkResult(null, 0, decision.Refusal);
    }

    private LinkResult Answer(Session session)
    {
        var reply = new RoleReply(_announcements.RoleOf(session), _announcements.Term, _state.LastDataProcessedTime);
        return new LinkResult(reply, _announcements.AnnouncedSequence, null);
    }
}
