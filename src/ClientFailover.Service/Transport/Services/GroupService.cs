using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Limits;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport.Authorization;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Rest;
using ClientFailover.Service.Transport.Validation;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Services;

/// <summary>Responsible for the calls about groups: maps, asks the owner, maps.</summary>
/// <param name="directory">Knows the owners.</param>
/// <param name="access">Knows who may read them.</param>
/// <param name="rules">Reads what is asked of a group.</param>
/// <param name="rates">Count long lists for what they are.</param>
/// <param name="answers">Count what is not read.</param>
internal sealed class GroupService(
    IGroupDirectory directory, AccessLists access, GroupRules rules, RequestRates rates, UnreadAnswers answers) : V1.GroupService.GroupServiceBase
{
    /// <inheritdoc/>
    public override async Task<V1.ListGroupsResponse> ListGroups(V1.ListGroupsRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        var (skip, count) = PageRules.Read(
            ref violations, request.HasSkip ? request.Skip : null, request.HasCount ? request.Count : null);
        violations.ThrowIfAny();

        var all = directory.List(request.TenantId, request.NamespaceId);
        var looks = 0;
        if (access.IsAnySet)
        {
            var caller = context.Caller();
            looks = all.Count;
            all = [.. all.Where(o => access.Allow(caller, o.Key, AccessRights.Read))];
        }

        // A group that was deleted since the snapshot is left out.
        var groups = all.Skip(skip).Take(count).Select(o => o.Configuration).OfType<GroupConfiguration>().ToList();
        var http = context.GetHttpContext();
        await answers.AddAsync(http, groups.Sum(UnreadAnswers.SizeOf));
        rates.Charge(http, groups.Count, looks, groups.Sum(g => UnreadAnswers.SizeOf(g.AdditionalData)));
        var response = new V1.ListGroupsResponse { TotalCount = all.Count };
        response.Groups.AddRange(groups.Select(g => g.ToWire()));
        context.AnswerTotalCount(all.Count);
        return response;
    }

    /// <inheritdoc/>
    public override async Task<V1.GroupConfiguration> CreateGroup(V1.CreateGroupRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        var change = rules.Read(ref violations, request.Group);
        violations.ThrowIfAny();

        var owner = directory.FindOrAdd(new GroupKey(request.TenantId, request.NamespaceId, change.Group.Id));
        var result = await owner.ChangeAsync(change, context.CancellationToken);
        ThrowIfRefused(result, change.Group.Id);
        if (result.Created)
        {
            context.AnswerCreated();
        }
        else if (!access.Allow(context.Caller(), owner.Key, AccessRights.Read))
        {
            // Whoever may write only is told what it has said itself.
            return request.Group;
        }

        return (owner.Configuration ?? throw NotFound(change.Group.Id)).ToWire();
    }

    /// <inheritdoc/>
    public override async Task<V1.GroupConfiguration> GetGroup(V1.GetGroupRequest request, ServerCallContext context)
    {
        var owner = Find(request.TenantId, request.NamespaceId, request.GroupId);
        var group = owner.Configuration ?? throw NotFound(request.GroupId);
        await answers.AddAsync(context.GetHttpContext(), UnreadAnswers.SizeOf(group));
        return group.ToWire();
    }

    /// <inheritdoc/>
    public override async Task<Google.Protobuf.WellKnownTypes.Empty> DeleteGroup(V1.DeleteGroupRequest request, ServerCallContext context)
    {
        var owner = Find(request.TenantId, request.NamespaceId, request.GroupId);
        ThrowIfRefused(await owner.ChangeAsync(new DeleteGroup(), context.CancellationToken), request.GroupId);
        return new Google.Protobuf.WellKnownTypes.Empty();
    }

    /// <inheritdoc/>
    public override Task<V1.GroupStatus> GetGroupStatus(V1.GetGroupStatusRequest request, ServerCallContext context)
    {
        var owner = Find(request.TenantId, request.NamespaceId, request.GroupId);
        return Task.FromResult((owner.ReadStatus() ?? throw NotFound(request.GroupId)).ToWire());
    }

    private IGroupOwner Find(string tenant, string @namespace, string groupId)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, groupId, "groupId", "group_id");
        violations.ThrowIfAny();
        return directory.Find(new GroupKey(tenant, @namespace, groupId)) ?? throw NotFound(groupId);
    }

    private static void ThrowIfRefused(ChangeResult result, string groupId)
    {
        if (result.Limit is { } limit)
        {
            throw new LimitReachedException(limit);
        }

        if (result.Refusal is { } refusal)
        {
            throw new FailureException(Failures.Of(refusal, groupId));
        }
    }

    private static FailureException NotFound(string groupId) =>
        new(Failures.Of(new Refusal(RefusalKind.GroupNotFound), groupId));
}
