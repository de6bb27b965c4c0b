using ClientFailover.Service.Tenants;
using ClientFailover.Service.Transport.Errors;
using ClientFailover.Service.Transport.Rest;
using ClientFailover.Service.Transport.Validation;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;

namespace ClientFailover.Service.Transport.Services;

/// <summary>Responsible for the calls about tenants and namespaces: maps, asks the directory, maps.</summary>
/// <param name="directory">Knows them.</param>
internal sealed class TenantService(TenantDirectory directory) : V1.TenantService.TenantServiceBase
{
    /// <inheritdoc/>
    public override Task<V1.ListTenantsResponse> ListTenants(V1.ListTenantsRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        var (skip, count) = PageRules.Read(ref violations, request.HasSkip ? request.Skip : null, request.HasCount ? request.Count : null);
        violations.ThrowIfAny();

        var all = directory.Tenants;
        var response = new V1.ListTenantsResponse { TotalCount = all.Count };
        response.Tenants.AddRange(all.Skip(skip).Take(count).Select(t => t.ToWire()));
        context.AnswerTotalCount(all.Count);
        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task<V1.Tenant> CreateTenant(V1.CreateTenantRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        var tenant = TenantRules.Read(ref violations, request.Tenant);
        violations.ThrowIfAny();

        Settle(await directory.CreateAsync(tenant, context.CancellationToken), context, tenant.Id);
        return (directory.FindTenant(tenant.Id) ?? throw NotFound(tenant.Id)).ToWire();
    }

    /// <inheritdoc/>
    public override Task<V1.Tenant> GetTenant(V1.GetTenantRequest request, ServerCallContext context)
    {
        CheckRoute(request.TenantId);
        return Task.FromResult((directory.FindTenant(request.TenantId) ?? throw NotFound(request.TenantId)).ToWire());
    }

    /// <inheritdoc/>
    public override async Task<Empty> DeleteTenant(V1.DeleteTenantRequest request, ServerCallContext context)
    {
        CheckRoute(request.TenantId);
        Settle(await directory.DeleteAsync(request.TenantId, context.CancellationToken), context, request.TenantId);
        return new Empty();
    }

    /// <inheritdoc/>
    public override Task<V1.ListNamespacesResponse> ListNamespaces(V1.ListNamespacesRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, request.TenantId, "tenantId", "tenant_id");
        var (skip, count) = PageRules.Read(ref violations, request.HasSkip ? request.Skip : null, request.HasCount ? request.Count : null);
        violations.ThrowIfAny();

        var all = directory.Namespaces(request.TenantId) ?? throw NotFound(request.TenantId);
        var response = new V1.ListNamespacesResponse { TotalCount = all.Count };
        response.Namespaces.AddRange(all.Skip(skip).Take(count).Select(n => n.ToWire()));
        context.AnswerTotalCount(all.Count);
        return Task.FromResult(response);
    }

    /// <inheritdoc/>
    public override async Task<V1.Namespace> CreateNamespace(V1.CreateNamespaceRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, request.TenantId, "tenantId", "tenant_id");
        var wanted = TenantRules.Read(ref violations, request.TenantId, request.Namespace);
        violations.ThrowIfAny();

        var outcome = await directory.CreateAsync(wanted, context.CancellationToken);
        Settle(outcome, context, wanted.TenantId, outcome == TenantOutcome.NotFound ? null : wanted.Id);
        return (directory.Find(wanted.TenantId, wanted.Id)?.Record ?? throw NotFound(wanted.TenantId, wanted.Id)).ToWire();
    }

    /// <inheritdoc/>
    public override Task<V1.Namespace> GetNamespace(V1.GetNamespaceRequest request, ServerCallContext context)
    {
        CheckRoute(request.TenantId, request.NamespaceId);
        var state = directory.Find(request.TenantId, request.NamespaceId) ?? throw NotFound(request.TenantId, request.NamespaceId);
        return Task.FromResult(state.Record.ToWire());
    }

    /// <inheritdoc/>
    public override async Task<Empty> SetNamespace(V1.SetNamespaceRequest request, ServerCallContext context)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, request.TenantId, "tenantId", "tenant_id");
        IdRules.Check(ref violations, request.NamespaceId, "namespaceId", "namespace_id");
        var wanted = TenantRules.ReadReplacement(ref violations, request.TenantId, request.NamespaceId, request.Namespace);
        violations.ThrowIfAny();

        var outcome = await directory.SetAsync(wanted, context.CancellationToken);
        return outcome == TenantOutcome.NotFound ? throw NotFound(request.TenantId, request.NamespaceId) : new Empty();
    }

    /// <inheritdoc/>
    public override async Task<Empty> DeleteNamespace(V1.DeleteNamespaceRequest request, ServerCallContext context)
    {
        CheckRoute(request.TenantId, request.NamespaceId);
        var outcome = await directory.DeleteAsync(request.TenantId, request.NamespaceId, context.CancellationToken);
        Settle(outcome, context, request.TenantId, request.NamespaceId);
        return new Empty();
    }

    private static void CheckRoute(string tenant, string? @namespace = null)
    {
        var violations = default(Violations);
        IdRules.Check(ref violations, tenant, "tenantId", "tenant_id");
        if (@namespace is not null)
        {
            IdRules.Check(ref violations, @namespace, "namespaceId", "namespace_id");
        }

        violations.ThrowIfAny();
    }

    private static FailureException NotFound(string tenant, string? @namespace = null) => new(TenantFailures.NotFound(tenant, @namespace));

    /// <summary>Marks what was made; refuses what was not done.</summary>
    private static void Settle(TenantOutcome outcome, ServerCallContext context, string tenant, string? @namespace = null)
    {
        switch (outcome)
        {
            case TenantOutcome.Created:
                context.AnswerCreated();
                break;
            case TenantOutcome.Deleted or TenantOutcome.Same:
                break;
            default:
                throw new FailureException(TenantFailures.Of(outcome, tenant, @namespace));
        }
    }
}
