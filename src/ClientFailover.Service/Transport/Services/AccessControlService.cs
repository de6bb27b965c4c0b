using ClientFailover.Engine;
using ClientFailover.Service.AccessControl;
using ClientFailover.Service.Groups;
using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Validation;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Services;

/// <summary>Responsible for the calls about access control lists: maps, asks for or sets a list, maps.</summary>
/// <param name="directory">Knows which groups there are.</param>
/// <param name="access">The lists.</param>
/// <param name="tenants">Knows which namespaces there are.</param>
internal sealed class AccessControlService(IGroupDirectory directory, AccessLists access, TenantDirectory tenants)
    : V1.AccessControlService.AccessControlServiceBase
{
    /// <inheritdoc/>
    public override Task<V1.AccessControlList> GetGroupsAccessControl(V1.GetGroupsAccessControlRequest request, ServerCallContext context) =>
        Task.FromResult(access.Of(AccessLists.Collection(request.TenantId, request.NamespaceId)).ToWire());

    /// <inheritdoc/>
    public override async Task<Empty> SetGroupsAccessControl(V1.SetGroupsAccessControlRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        var list = AccessListRules.Read(ref violations, request.AccessControlList);
        violations.ThrowIfAny();

        var (tenant, @namespace) = (request.TenantId, request.NamespaceId);
        if (!await access.SetAsync(
            AccessLists.Collection(tenant, @namespace), list, () => tenants.Find(tenant, @namespace) is not null, context.CancellationToken))
        {
            // What it would have been told a moment later.
            throw new FailureException(Failures.NamespaceDenied);
        }

        return new Empty();
    }

    /// <inheritdoc/>
    public override Task<V1.AccessControlList> GetGroupAccessControl(V1.GetGroupAccessControlRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, request.GroupId, "groupId", "group_id");
        violations.ThrowIfAny();

        var owner = Find(request.TenantId, request.NamespaceId, request.GroupId);
        return Task.FromResult(access.Of(owner.Key).ToWire());
    }

    /// <inheritdoc/>
    public override async Task<Empty> SetGroupAccessControl(V1.SetGroupAccessControlRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, request.GroupId, "groupId", "group_id");
        var list = AccessListRules.Read(ref violations, request.AccessControlList);
        violations.ThrowIfAny();

        var owner = Find(request.TenantId, request.NamespaceId, request.GroupId);
        if (!await access.SetAsync(owner.Key, list, () => owner.Configuration is not null, context.CancellationToken))
        {
            throw NotFound(request.GroupId);
        }

        return new Empty();
    }

    private static FailureException NotFound(string groupId) => new(Failures.Of(new Refusal(RefusalKind.GroupNotFound), groupId));

    private IGroupOwner Find(string tenant, string @namespace, string groupId) =>
        directory.Find(new GroupKey(tenant, @namespace, groupId)) ?? throw NotFound(groupId);
}
