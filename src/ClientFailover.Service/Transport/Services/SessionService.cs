using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Telemetry;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport.Authorization;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Rest;
using ClientFailover.Service.Transport.Validation;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Services;

/// <summary>Responsible for the calls about sessions: maps, asks the owner, maps.</summary>
/// <param name="directory">Knows the owners.</param>
/// <param name="access">Knows who may read what is registered already.</param>
/// <param name="time">Stands in for the adapter's own time where it tells none.</param>
/// <param name="heartbeats">Counts heartbeats.</param>
/// <param name="rates">Count long lists for what they are.</param>
/// <param name="answers">Count what is not read.</param>
internal sealed class SessionService(
    IGroupDirectory directory, AccessLists access, TimeProvider time, HeartbeatMeter heartbeats, RequestRates rates, UnreadAnswers answers) : V1.SessionService.SessionServiceBase
{
    /// <inheritdoc/>
    public override async Task<V1.ListSessionsResponse> ListSessions(V1.ListSessionsRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, request.GroupId, "groupId", "group_id");
        violations.ThrowIfAny();

        var group = Find(request.TenantId, request.NamespaceId, request.GroupId).Read() ?? throw GroupNotFound(request.GroupId);
        var http = context.GetHttpContext();
        await answers.AddAsync(http, group.Sessions.Sum(UnreadAnswers.SizeOf));
        rates.Charge(http, group.Sessions.Count, bytes: group.Sessions.Sum(s => UnreadAnswers.SizeOf(s.AdditionalData)));
        var response = new V1.ListSessionsResponse();
        response.Sessions.AddRange(group.Sessions.Select(s => s.ToWire()));
        return response;
    }

    /// <inheritdoc/>
    public override async Task<V1.ClientSession> RegisterSession(V1.RegisterSessionRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, request.GroupId, "groupId", "group_id");
        var change = SessionRules.Read(ref violations, request.Session);
        violations.ThrowIfAny();

        var owner = Find(request.TenantId, request.NamespaceId, request.GroupId);
        var result = await owner.ChangeAsync(change, context.CancellationToken);
        ThrowIfRefused(result, request.GroupId, change.SessionId);
        if (result.Created)
        {
            context.AnswerCreated();
        }
        else if (!access.Allow(context.Caller(), owner.Key, AccessRights.Read))
        {
            // Whoever may write only is told what it has said itself.
            return change.ToWire();
        }

        return Read(owner, change.SessionId).ToWire();
    }

    /// <inheritdoc/>
    public override async Task<V1.ClientSession> GetSession(V1.GetSessionRequest request, ServerCallContext context)
    {
        CheckRoute(request.GroupId, request.SessionId);
        var owner = Find(request.TenantId, request.NamespaceId, request.GroupId);
        var session = Read(owner, request.SessionId);
        await answers.AddAsync(context.GetHttpContext(), UnreadAnswers.SizeOf(session));
        return session.ToWire();
    }

    /// <inheritdoc/>
    public override async Task<Google.Protobuf.WellKnownTypes.Empty> DeleteSession(V1.DeleteSessionRequest request, ServerCallContext context)
    {
        CheckRoute(request.GroupId, request.SessionId);
        var owner = Find(request.TenantId, request.NamespaceId, request.GroupId);
        var result = await owner.ChangeAsync(new UnregisterSession(request.SessionId), context.CancellationToken);
        ThrowIfRefused(result, request.GroupId, request.SessionId);
        return new Google.Protobuf.WellKnownTypes.Empty();
    }

    /// <inheritdoc/>
    public override Task<V1.PostHeartbeatResponse> PostHeartbeat(V1.PostHeartbeatRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        SessionRules.CheckRoute(ref violations, request.GroupId, request.SessionId);
        var heartbeat = request.Heartbeat;
        var report = HeartbeatRules.Read(
            ref violations,
            heartbeat is { HasFailoverScore: true } ? heartbeat.FailoverScore : null,
            heartbeat?.LastDataProcessedTime,
            heartbeat?.HeartbeatTime);
        var counts = context.GetHttpContext().IsRest() ? heartbeats.Rest : heartbeats.Grpc;
        var owner = violations.Any ? null : directory.Find(new GroupKey(request.TenantId, request.NamespaceId, request.GroupId));
        if (owner is null)
        {
            counts.Refused.Increment();
            violations.ThrowIfAny();
            throw GroupNotFound(request.GroupId);
        }

        if (report.HeartbeatTime is null)
        {
            report = report with { HeartbeatTime = time.GetUtcNow().UtcDateTime };
        }

        var answer = owner.HeartbeatAsync(request.SessionId, report, context.CancellationToken);

        // Nearly every heartbeat is answered from memory, and then without an async state machine.
        return answer.IsCompletedSuccessfully
            ? Task.FromResult(ToWire(answer.Result, request, counts))
            : AwaitAsync(answer, request, counts);
    }

    /// <inheritdoc/>
    public override async Task<V1.SetRoleOverrideResponse> SetRoleOverride(V1.SetRoleOverrideRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        SessionRules.CheckRoute(ref violations, request.GroupId, request.SessionId);
        var change = SessionRules.Read(ref violations, request.SessionId, request.RoleOverride);
        violations.ThrowIfAny();

        var owner = Find(request.TenantId, request.NamespaceId, request.GroupId);
        var result = await owner.ChangeAsync(change, context.CancellationToken);
        ThrowIfRefused(result, request.GroupId, request.SessionId);
        return new V1.SetRoleOverrideResponse
        {
            Value = (V1.RoleOverride)change.Value,
            RoleOverrideExpirationTime = WireMap.ToTimestamp(result.OrderExpires),
        };
    }

    private static async Task<V1.PostHeartbeatResponse> AwaitAsync(
        ValueTask<HeartbeatResult> answer, V1.PostHeartbeatRequest request, HeartbeatCounts counts) => ToWire(await answer, request, counts);

    private static V1.PostHeartbeatResponse ToWire(HeartbeatResult result, V1.PostHeartbeatRequest request, HeartbeatCounts counts)
    {
        counts.Count(result.Refusal);
        if (result.Refusal is { } refusal)
        {
            throw new FailureException(Failures.Of(refusal, request.GroupId, request.SessionId));
        }

        var reply = result.Reply!.Value;
        return new V1.PostHeartbeatResponse
        {
            Role = (V1.Role)reply.Role,
            LastDataProcessedTime = WireMap.ToTimestamp(reply.LastDataProcessedTime),
        };
    }

    private IGroupOwner Find(string tenant, string @namespace, string groupId) =>
        directory.Find(new GroupKey(tenant, @namespace, groupId)) ?? throw GroupNotFound(groupId);

    private static SessionView Read(IGroupOwner owner, string sessionId) =>
        owner.ReadSession(sessionId)
        ?? throw new FailureException(Failures.Of(new Refusal(RefusalKind.SessionNotFound), owner.Key.Group, sessionId));

    private static void CheckRoute(string groupId, string sessionId)
    {
        var violations = default(Violations);
        SessionRules.CheckRoute(ref violations, groupId, sessionId);
        violations.ThrowIfAny();
    }

    private static void ThrowIfRefused(ChangeResult result, string groupId, string sessionId)
    {
        if (result.Limit is { } limit)
        {
            throw new LimitReachedException(limit);
        }

        if (result.Refusal is { } refusal)
        {
            throw new FailureException(Failures.Of(refusal, groupId, sessionId));
        }
    }

    private static FailureException GroupNotFound(string groupId) =>
        new(Failures.Of(new Refusal(RefusalKind.GroupNotFound), groupId));
}
